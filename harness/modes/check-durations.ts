import type { ServiceConfig } from '#harness/config/tally-config.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Movement } from '#harness/metrics/movement.ts';
import type { PlayedCall } from '#harness/traffic/play.ts';
import { type ProviderAnswer, type Scenario, stepsOf } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';

/** One kind of duration, all calls of a scenario together, in milliseconds. */
interface Order {
  name: 'duration' | 'first-token';
  metric: string;
  /** What the scripts ask the provider to wait. */
  scriptedMs: number;
  /** What the client measured; undefined where it left too early to measure anything. */
  clientMs: number | undefined;
}

/**
 * Requires scripted delay ≤ service's duration ≤ client's: each is part of the next one. Only the
 * order is certain, so no millisecond is ever compared with another.
 */
export function checkDurations(
  scenario: Scenario,
  played: readonly PlayedCall[],
  movement: Movement,
  { durationMetrics }: Pick<ServiceConfig, 'durationMetrics'>,
): { checks: number; findings: Finding[] } {
  if (durationMetrics === undefined) return { checks: 0, findings: [] };
  const calls = played.map(({ call }) => call);
  const answers = stepsOf(scenario).flatMap(({ provider }) => provider);
  const orders: Order[] = [
    {
      name: 'duration',
      metric: durationMetrics.operation,
      scriptedMs: sum(answers.map(delayMs)),
      clientMs: sumKnown(calls.map(wholeMs)),
    },
    {
      name: 'first-token',
      metric: durationMetrics.firstToken,
      scriptedMs: sum(answers.map(firstContentDelayMs)),
      clientMs: sumKnown(calls.map(firstContentMs)),
    },
  ];
  const findings = orders.flatMap((order) => judge(order, scenario, movement));
  return { checks: orders.length, findings };
}

function judge(order: Order, { name, says }: Scenario, movement: Movement): Finding[] {
  const { metric, scriptedMs, clientMs = Number.POSITIVE_INFINITY } = order;
  const sums = movement.changes.filter((change) => change.name === `${metric}_sum`);
  const serviceMs = 1_000 * sum(sums.map(({ change }) => change));
  if (scriptedMs <= serviceMs && serviceMs <= clientMs) return [];
  return [
    {
      check: `contracts/${name}/${order.name}`,
      message: `${name}: ${metric} rose by ${serviceMs.toFixed(3)} ms, but the provider was told to wait ${scriptedMs} ms, and the client waited ${clientMs.toFixed(3)} ms: scripted ≤ service’s ≤ client’s does not hold. (${says})`,
      fix: 'Look where the service starts and stops its clock, and whether it counts in seconds.',
    },
  ];
}

function delayMs(answer: ProviderAnswer): number {
  if (!('answer' in answer)) return 0;
  return (answer.beforeHeadMs ?? 0) + (answer.beforeFirstContentMs ?? 0);
}

/** Only a stream is told to wait before its first content. */
function firstContentDelayMs(answer: ProviderAnswer): number {
  return 'answer' in answer && answer.beforeFirstContentMs !== undefined ? delayMs(answer) : 0;
}

/** A client that left stopped its clock before the service did. */
function wholeMs({ end, startedAtMs, endedAtMs }: ServiceCall): number | undefined {
  return end === 'left' || endedAtMs === undefined ? undefined : endedAtMs - startedAtMs;
}

/** 0 for an answer without content; the service may have read more than a client that raced. */
function firstContentMs({ raced, startedAtMs, firstContentAtMs }: ServiceCall): number | undefined {
  return raced ? undefined : (firstContentAtMs ?? startedAtMs) - startedAtMs;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function sumKnown(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? sum(known) : undefined;
}
