// Runs in a container, alone, where a service would: it tells which run it is and whom it reaches.
import { createServer } from 'node:http';
import { connect } from 'node:net';

// biome-ignore lint/style/noProcessEnv: where a service has its settings; Tally's files are not here.
const { HOST, PORT, DATABASE_URL, PROVIDER_URL, EXIT_CODE } = process.env;
const startedAt = process.hrtime.bigint().toString();

async function reach(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const reached = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return reached;
}

if (EXIT_CODE) {
  process.stderr.write('no master key\n', () => process.exit(Number(EXIT_CODE)));
} else {
  const server = createServer(async (_request, response) => {
    const [database, provider] = await Promise.all([
      reach(DATABASE_URL ?? 'tcp://127.0.0.1:9'),
      reach(PROVIDER_URL ?? 'tcp://127.0.0.1:9'),
    ]);
    response.end(JSON.stringify({ startedAt, database, provider }));
  });
  server.listen(Number(PORT), HOST, () => process.stdout.write('listening\n'));
  process.on('SIGTERM', () => {
    process.stdout.write('good bye\n', () => process.exit(0));
  });
}
