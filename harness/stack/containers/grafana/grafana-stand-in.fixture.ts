// Runs in a container, alone, where Grafana would: it is provisioned with the same files, prints the
// same line when it serves, and answers as Grafana's documentation says. It shows how Tally starts a
// Grafana, never that Grafana is as it should be, and calls itself a stand-in.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

// biome-ignore lint/style/noProcessEnv: where a Grafana has its settings; Tally's files are not here.
const env: Readonly<Record<string, string>> = { ...(process.env as Record<string, string>) };
const DASHBOARDS = '/etc/grafana/dashboards';
const settings = readFileSync(`${env['GF_PATHS_PROVISIONING']}/datasources/prometheus.yml`, 'utf8');
const prometheus = /\burl: \$(\w+)/.exec(settings)?.[1] ?? '';
const prometheusUrl = env[prometheus];
const files = readdirSync(DASHBOARDS).map((file) =>
  JSON.parse(readFileSync(`${DASHBOARDS}/${file}`, 'utf8')),
);
const pair = `${env['GF_SECURITY_ADMIN_USER']}:${env['GF_SECURITY_ADMIN_PASSWORD']}`;
const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;

const answers: Record<string, (rest: string, body: string) => unknown> = {
  '/api/health': () => ({ database: 'ok', version: 'stand-in' }),
  '/api/datasources/uid/prometheus/health': async () => {
    const { ok } = await fetch(`${prometheusUrl}/-/ready`);
    return { status: ok ? 'OK' : 'ERROR' };
  },
  '/api/search': () => files.map(({ uid, title }) => ({ uid, title, folderUid: 'byom' })),
  '/api/dashboards/uid/': (uid) => ({
    dashboard: { ...files.find((file) => file.uid === uid), id: 7, version: 3 },
  }),
  '/api/prometheus/prometheus/': async (path) => await ask(path),
  '/api/ds/query': async (_rest, body) => {
    const { to, queries } = JSON.parse(body);
    const query = encodeURIComponent(queries[0].expr.replaceAll(/\$__\w+/g, '1m'));
    const { data, error } = await ask(`api/v1/query?query=${query}&time=${Number(to) / 1_000}`);
    if (data === undefined) return { results: { A: { error } } };
    const values = [data.result.map(({ value: [, value] }) => Number(value))];
    const frames = [{ schema: { fields: [{ type: 'number' }] }, data: { values } }];
    return { results: { A: { frames } } };
  },
};

interface PrometheusAnswer {
  data?: { result: { value: [number, string] }[] };
  error?: string;
}

async function ask(path: string): Promise<PrometheusAnswer> {
  return (await (await fetch(`${prometheusUrl}/${path}`)).json()) as PrometheusAnswer;
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(`http://any${request.url}`);
  const name = Object.keys(answers).find((start) => pathname.startsWith(start)) ?? '';
  const isKnown = request.headers.authorization === authorization;
  let body = '';
  for await (const chunk of request) body += chunk;
  const answer = isKnown ? await answers[name]?.(pathname.slice(name.length), body) : undefined;
  response.writeHead(isKnown ? 200 : 401).end(JSON.stringify(answer ?? {}));
});
server.listen(Number(env['GF_SERVER_HTTP_PORT']), env['GF_SERVER_HTTP_ADDR'], () => {
  process.stdout.write('logger=http.server level=info msg="HTTP Server Listen"\n');
});
