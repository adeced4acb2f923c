import { Agent, request } from 'node:http';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { startSimulator } from '#harness/simulator/simulator.ts';
import type { Measurement } from './measurement.ts';
import { median, timeRuns } from './median.ts';

const KEY = 'sk-tally-perf';
const SEQUENTIAL = 2_000;
const CONCURRENT = 16;
const REQUESTS = 20_000;
const ROUNDS = 3;

/** How fast the simulator replays one JSON answer, with matching and ledger on. */
export async function measureReplay(folder: string): Promise<Measurement[]> {
  const all = await loadCassettes(folder);
  const cassette = all.find(({ id }) => id === 'openai/chat');
  const [interaction] = cassette?.interactions ?? [];
  if (cassette === undefined || interaction === undefined) throw new TypeError('no openai/chat');
  await using simulator = await startSimulator({ cassettes: [{ ...cassette, repeat: true }] });
  simulator.acceptKey('openai', KEY);
  const url = `${simulator.providerUrl('openai')}/chat/completions`;
  const body = JSON.stringify(interaction.request.body);
  using _agent = keepAliveAgent();
  const send = (): Promise<void> => post(url, body, _agent.agent);
  await Promise.all(Array.from({ length: CONCURRENT }, send));
  const latencies = await timeRuns(SEQUENTIAL, send);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rates.push(await requestsPerSecond(send));
  return [
    {
      name: 'replay of a JSON answer',
      value: median(latencies),
      unit: 'ms',
      runs: latencies.length,
      target: 1,
    },
    {
      name: `replay, ${CONCURRENT} connections, client in the same process`,
      value: median(rates),
      unit: 'requests/s',
      runs: rates.length,
    },
  ];
}

async function requestsPerSecond(send: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now();
  let left = REQUESTS;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await send();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, client));
  return (REQUESTS * 1_000) / (performance.now() - startedAtMs);
}

function keepAliveAgent(): Disposable & { agent: Agent } {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENT });
  return { agent, [Symbol.dispose]: () => agent.destroy() };
}

async function post(url: string, body: string, agent: Agent): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(10_000),
      },
      (response) => {
        if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
        response.resume().once('end', resolve);
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}
