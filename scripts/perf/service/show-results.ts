import Table from 'cli-table3';
import type { Measurement } from '../measurement.ts';
import { type CaseResult, SUBJECTS, type Subject } from './compare.ts';

/** Milliseconds that the service may add to a call on top of what the gateway adds. */
const ADDED_OVER_GATEWAY_MS = 1;
/** Of the gateway's requests per second, with many connections. */
const SHARE_OF_GATEWAY = 0.8;
const MANY_CONNECTIONS = 64;

/** All cases: what a call takes directly, and what each of the others adds to that. */
export function createTable(results: readonly CaseResult[]): Table.Table {
  const table = new Table({
    head: ['', 'connections', ...SUBJECTS.flatMap((name) => [name, 'p99', 'per s', 'CPU'])],
    style: { head: [] },
  });
  for (const result of results) {
    const cells = SUBJECTS.flatMap((name) => [
      showMs(result, name, 'p50Ms'),
      showMs(result, name, 'p99Ms'),
      result.subjects[name].requestsPerSecond.toFixed(0),
      showCpu(result.subjects[name].cpuMs),
    ]);
    table.push([nameOf(result), result.connections, ...cells]);
  }
  return table;
}

/** The sizes that have a target: latency with one connection, requests per second with many. */
export function toMeasurements(results: readonly CaseResult[]): Measurement[] {
  return results.flatMap((result): Measurement[] => {
    const { connections, subjects } = result;
    const { service, gateway } = subjects;
    const shared = { runs: service.requests };
    if (connections === 1) {
      const gatewayMs = addedMs(result, 'gateway', 'p50Ms');
      const name = `${nameOf(result)}, 1 connection, p50: added by the`;
      const target = gatewayMs + ADDED_OVER_GATEWAY_MS;
      const value = addedMs(result, 'service', 'p50Ms');
      return [
        { name: `${name} gateway`, value: gatewayMs, unit: 'ms', ...shared },
        { name: `${name} service`, value, unit: 'ms', ...shared, target },
      ];
    }
    if (connections !== MANY_CONNECTIONS) return [];
    const rate = (name: string, value: number): Measurement => {
      const what = `${nameOf(result)}, ${connections} connections: ${name}`;
      return { name: what, value, unit: 'requests/s', ...shared };
    };
    const cpu = (name: string, value: number): Measurement => {
      const what = `${nameOf(result)}, ${connections} connections: CPU of the ${name} for a request`;
      return { name: what, value, unit: 'ms', ...shared };
    };
    const target = SHARE_OF_GATEWAY * gateway.requestsPerSecond;
    return [
      rate('gateway', gateway.requestsPerSecond),
      { ...rate('service', service.requestsPerSecond), target },
      cpu('gateway', gateway.cpuMs),
      cpu('service', service.cpuMs),
    ];
  });
}

function nameOf({ isStream }: CaseResult): string {
  return isStream ? 'first token' : 'plain';
}

function addedMs({ subjects }: CaseResult, name: Subject, quantile: 'p50Ms' | 'p99Ms'): number {
  return subjects[name][quantile] - subjects.direct[quantile];
}

function showMs(result: CaseResult, name: Subject, quantile: 'p50Ms' | 'p99Ms'): string {
  if (name === 'direct') return `${result.subjects.direct[quantile].toFixed(2)} ms`;
  const added = addedMs(result, name, quantile);
  return `${added < 0 ? '' : '+'}${added.toFixed(2)} ms`;
}

function showCpu(cpuMs: number): string {
  return Number.isNaN(cpuMs) ? '-' : `${cpuMs.toFixed(2)} ms`;
}
