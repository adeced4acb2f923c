import { expect, test } from 'vitest';
import { printFacts } from './print-facts.ts';

type Facts = Parameters<typeof printFacts>[1];

const row = (more: Partial<Facts[number]>): Facts[number] => ({
  name: 'model_requests_total',
  labels: '',
  mode: 'testing',
  process: 1,
  wire: '86',
  database: '86',
  summary: '86',
  promql: '86',
  equal: true,
  ...more,
});

const labels = '{provider="anthropic",model="claude-haiku-4-5",outcome="client_abort"}';
const models = 'gpt-5.4-nano, gpt-4o-mini, claude-haiku-4-5';
const FACTS: Facts = [
  row({}),
  row({ mode: 'production' }),
  row({ name: 'provider_requests', labels, summary: '-', promql: '2', equal: false }),
  row({ name: 'cost_pico_usd', wire: '197268800000', database: '197268800000' }),
  row({ name: 'top_models', wire: models, database: '-', summary: models, promql: models }),
];

function printed(columns: number): string {
  const lines: string[] = [];
  printFacts(
    {
      line: (text) => lines.push(text),
      progress: () => undefined,
      failure: () => undefined,
      paint: (style, text) => (style === 'red' ? `<${text}>` : text),
      columns,
    },
    FACTS,
  );
  return lines.join('\n');
}

test('values stand beside their names where there is room', () => {
  expect(printed(160)).toMatchInlineSnapshot(`
    "
    fact                                                                               mode     process  wire          database      summary  promql  equal
    model_requests_total                                                               both     1        86            86            86       86      yes
    provider_requests{provider=anthropic,model=claude-haiku-4-5,outcome=client_abort}  testing  1        86            86            -        2       <NO>
    cost_pico_usd                                                                      testing  1        197268800000  197268800000  86       86      yes
    top_models
      mode      testing
      process   1
      wire      gpt-5.4-nano, gpt-4o-mini, claude-haiku-4-5
      database  -
      summary   gpt-5.4-nano, gpt-4o-mini, claude-haiku-4-5
      promql    gpt-5.4-nano, gpt-4o-mini, claude-haiku-4-5
      equal     yes"
  `);
});

test('a name that is too long has a line of its own, and nothing is wider than the terminal', () => {
  expect(printed(100)).toMatchInlineSnapshot(`
    "
    fact                  mode     process  wire          database      summary  promql  equal
    model_requests_total  both     1        86            86            86       86      yes
    provider_requests{provider=anthropic,model=claude-haiku-4-5,outcome=client_abort}
                          testing  1        86            86            -        2       <NO>
    cost_pico_usd         testing  1        197268800000  197268800000  86       86      yes
    top_models
      mode      testing
      process   1
      wire      gpt-5.4-nano, gpt-4o-mini, claude-haiku-4-5
      database  -
      summary   gpt-5.4-nano, gpt-4o-mini, claude-haiku-4-5
      promql    gpt-5.4-nano, gpt-4o-mini, claude-haiku-4-5
      equal     yes"
  `);
  expect(printed(80)).toMatchInlineSnapshot(`
    "
    fact
      mode     process  wire          database      summary  promql  equal
    model_requests_total
      both     1        86            86            86       86      yes
    provider_requests{provider=anthropic,model=claude-haiku-4-5,outcome=client_abort}
      testing  1        86            86            -        2       <NO>
    cost_pico_usd
      testing  1        197268800000  197268800000  86       86      yes
    top_models
      mode      testing
      process   1
      wire      gpt-5.4-nano, gpt-4o-mini, claude-haiku-4-5
      database  -
      summary   gpt-5.4-nano, gpt-4o-mini, claude-haiku-4-5
      promql    gpt-5.4-nano, gpt-4o-mini, claude-haiku-4-5
      equal     yes"
  `);
  const lines = printed(80)
    .split('\n')
    .filter((line) => !line.includes('{'));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});
