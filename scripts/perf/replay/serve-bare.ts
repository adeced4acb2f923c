import { createServer } from 'node:http';
import { loadExchanges } from './recorded-exchange.ts';

// What node:http can do at most: it looks at nothing but the length of what was asked.
const [json, stream] = await loadExchanges();
const server = createServer((request, response) => {
  const isStream = Number(request.headers['content-length']) > JSON.stringify(json?.request).length;
  request.resume().on('end', () => {
    if (!isStream) {
      response.writeHead(200, { 'content-length': json?.answer.length, ...json?.headers });
      response.end(json?.answer.toString('latin1'), 'latin1');
      return;
    }
    response.writeHead(200, { ...stream?.headers });
    for (const chunk of stream?.chunks ?? []) response.write(chunk);
    response.end();
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1');
