import { startSimulator } from '#harness/simulator/simulator.ts';
import { API_KEY } from './load.ts';
import { loadExchanges } from './recorded-exchange.ts';

// As a test has it, with matching, ledger and the check of the key; only the pauses are left out.
const cassettes = (await loadExchanges()).map(({ cassette }) => ({ ...cassette, repeat: true }));
const simulator = await startSimulator({
  cassettes,
  keepsTime: false,
  port: Number(process.argv[2]),
});
simulator.acceptKey('openai', API_KEY);
