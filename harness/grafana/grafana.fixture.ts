import { serveHttp } from '#harness/metrics/scripted-servers.ts';

/** Where each answer's form is documented. */
const DOCS = 'https://grafana.com/docs/grafana/v12.4/developer-resources/api-reference/http-api';

export const TOKEN = 'glsa_of-the-test';

/** What the server below holds; a test changes it before it asks. */
export interface SyntheticGrafana {
  url: string;
  /** Every request as "GET /api/health", and what was sent with it. */
  requests: { line: string; body: unknown }[];
  /** By "METHOD /path" without the query. */
  answers: Record<string, { status?: number; body: unknown }>;
}

/**
 * For tests: answers written by hand from Grafana's documentation (`synthetic: true`). It shows
 * how Tally reads Grafana, never that Grafana is as it should be.
 */
export async function serveSyntheticGrafana(): Promise<SyntheticGrafana> {
  const grafana: SyntheticGrafana = { url: '', requests: [], answers: healthyAnswers() };
  grafana.url = await serveHttp((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const line = `${request.method} ${request.url?.replace(/\?.*/, '')}`;
      grafana.requests.push({ line, body: text === '' ? undefined : JSON.parse(text) });
      const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
      const { status = 200, body } = isKnown
        ? (grafana.answers[line] ?? { status: 404, body: { message: 'Not found' } })
        : { status: 401, body: { message: 'Invalid API key', messageId: 'api-key.invalid' } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  return grafana;
}

/** One frame of one series, as a Prometheus data source answers. `${DOCS}/data_source` */
export function frameOf(values: readonly (number | null)[], entities?: unknown): object {
  return {
    schema: {
      refId: 'A',
      fields: [
        { name: 'Time', type: 'time', typeInfo: { frame: 'time.Time' } },
        { name: 'Value', type: 'number', typeInfo: { frame: 'float64' }, labels: { job: 'x' } },
      ],
    },
    data: {
      values: [values.map((_, index) => 1_700_000_000_000 + index * 15_000), values],
      ...(entities !== undefined && { entities: [null, entities] }),
    },
  };
}

export function queryAnswer(...frames: object[]): { body: unknown } {
  return { body: { results: { A: { status: 200, frames } } } };
}

export const SOURCES: Readonly<Record<string, string>> = {
  'GET /api/health': `${DOCS}/other/`,
  'GET /api/datasources/uid/prometheus/health': `${DOCS}/data_source/`,
  'GET /api/search': `${DOCS}/folder_dashboard_search/`,
  'GET /api/dashboards/uid/small': `${DOCS}/dashboard/`,
  'POST /api/ds/query': `${DOCS}/data_source/`,
  // Of Prometheus, which Grafana passes on for its data sources.
  'GET /api/prometheus/prometheus/api/v1/rules':
    'https://prometheus.io/docs/prometheus/latest/querying/api/#rules',
};

function healthyAnswers(): SyntheticGrafana['answers'] {
  return {
    'GET /api/health': { body: { commit: '0123abc', database: 'ok', version: '12.4.0' } },
    'GET /api/datasources/uid/prometheus/health': {
      body: { message: 'Successfully queried the Prometheus API.', status: 'OK' },
    },
    'GET /api/search': {
      body: [
        {
          ...{ id: 7, uid: 'small', orgId: 1, title: 'Small', url: '/d/small/small' },
          ...{ type: 'dash-db', tags: [], isStarred: false, folderUid: 'byom' },
        },
        { id: 9, uid: 'others', title: 'Of others', type: 'dash-db', tags: [] },
      ],
    },
    'GET /api/dashboards/uid/small': {
      body: {
        dashboard: { ...SMALL, id: 7, version: 3 },
        meta: { provisioned: true, provisionedExternalId: 'small.json', folderUid: 'byom' },
      },
    },
    'POST /api/ds/query': queryAnswer(frameOf([1, 2])),
    'GET /api/prometheus/prometheus/api/v1/rules': {
      body: {
        status: 'success',
        data: {
          groups: [
            {
              ...{ name: 'byom', file: 'byom.rules.yml', interval: 15 },
              rules: [
                {
                  name: 'ErrorsHigh',
                  query: 'x > 1',
                  type: 'alerting',
                  health: 'ok',
                  state: 'inactive',
                },
                { name: 'x:rate5m', query: 'rate(x[5m])', type: 'recording', health: 'ok' },
              ],
            },
          ],
        },
      },
    },
  };
}

/** A dashboard in the classic form. */
export const SMALL = {
  uid: 'small',
  title: 'Small',
  schemaVersion: 42,
  panels: [
    {
      ...{ id: 1, type: 'timeseries', title: 'Rate' },
      targets: [{ refId: 'A', expr: 'rate(requests_total[$__rate_interval])' }],
    },
  ],
};
