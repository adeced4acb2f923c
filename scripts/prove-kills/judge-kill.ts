import type { DatabaseReader } from '#harness/database/database-reader.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Fact, WireEvidence } from '#harness/reconcile/fact.ts';
import { reconcileDurable } from '#harness/reconcile/reconcile-all.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';

/** What a killed process has left: what went over both wires, and its rows. */
export interface KilledProcess {
  evidence: WireEvidence;
  /** Sees the rows of that process only. */
  database: DatabaseReader;
}

/** One kill, judged. */
export interface JudgedKill {
  answered: number;
  /** Calls that were open when the service was killed… */
  cutOff: number;
  /** …and those of them that had rows already. */
  recordedUnanswered: number;
  findings: readonly Finding[];
}

/** A body was read to its last byte; a killed service cannot send that, nor a stream's own end. */
export function isAnswered({ end, sawEnd }: ServiceCall): boolean {
  return end === 'completed' || sawEnd;
}

/**
 * Every answered call has a row for each of its provider calls; one that was cut off has no more
 * than that. Without the rows of the latter, the wire of the answered calls and the database agree
 * on every fact that outlives a process, exactly.
 */
export async function judgeKill(
  { evidence, database }: KilledProcess,
  facts: readonly Fact[],
): Promise<JudgedKill> {
  const inferences = await readInferences(database);
  const clients = Map.groupBy(evidence.serviceCalls, ({ scenario }) => scenario);
  const judged = [...clients].map(([client, calls]) =>
    judgeClient(calls, inferences.get(client) ?? [], evidence),
  );
  const unanswered = judged.flatMap(({ beyond }) => beyond);
  const { findings } = await reconcileDurable(facts, {
    evidence: answeredOnly(evidence),
    database: without(database, unanswered),
  });
  return {
    answered: evidence.serviceCalls.filter(isAnswered).length,
    cutOff: evidence.serviceCalls.filter((call) => !isAnswered(call)).length,
    recordedUnanswered: unanswered.length,
    findings: [...judged.flatMap((one) => one.findings), ...findings],
  };
}

/** The rows of one call. */
interface RecordedInference {
  id: string;
  rows: number;
}

/** By client, in the order in which they were recorded. */
async function readInferences(database: DatabaseReader): Promise<Map<string, RecordedInference[]>> {
  const rows = await database.query(`select users.name as client, inference_id, count(*) as rows
    from usage_events join users on users.id = usage_events.user_id
    group by 1, 2 order by min(usage_events.created_at)`);
  const byClient = Map.groupBy(rows, ({ client }) => client ?? '');
  return new Map(
    [...byClient].map(([client, own]) => [
      client,
      own.map((row) => ({ id: row['inference_id'] ?? '', rows: Number(row['rows']) })),
    ]),
  );
}

/** A client calls again only after an answer, so its calls and its rows have the same order. */
function judgeClient(
  calls: readonly ServiceCall[],
  inferences: readonly RecordedInference[],
  { providerCalls }: WireEvidence,
): { findings: Finding[]; beyond: readonly string[] } {
  const sent = (call: ServiceCall): number =>
    providerCalls.filter(({ cause }) => cause === call).length;
  const findings = calls.flatMap((call, index): Finding[] => {
    const rows = inferences[index]?.rows ?? 0;
    const isRight = isAnswered(call) ? rows === sent(call) : rows <= sent(call);
    return isRight ? [] : [wrongRows(call, { rows, sent: sent(call) })];
  });
  for (const { id, rows } of inferences.slice(calls.length))
    findings.push({
      check: 'kills/rows-of-no-call',
      message: `${calls[0]?.scenario}: ${rows} rows of ${id} belong to none of its ${calls.length} calls.`,
    });
  const answered = calls.filter(isAnswered).length;
  return { findings, beyond: inferences.slice(answered).map(({ id }) => id) };
}

function wrongRows(call: ServiceCall, { rows, sent }: { rows: number; sent: number }): Finding {
  const { scenario, method, path, mark, status, end, contentEvents } = call;
  const seen = isAnswered(call) ? 'answered to its end' : `not answered to its end (${end})`;
  return {
    check: 'kills/rows-of-answered-calls',
    message: `${scenario}, ${method} ${path} (${mark}) was ${seen}, status ${status}, ${contentEvents} content events: wire ${sent} provider calls, database ${rows} rows.`,
  };
}

function answeredOnly(evidence: WireEvidence): WireEvidence {
  const { providerCalls, serviceCalls } = evidence;
  return {
    ...evidence,
    providerCalls: providerCalls.filter(({ cause }) => cause !== undefined && isAnswered(cause)),
    serviceCalls: serviceCalls.filter(isAnswered),
  };
}

/** The same reader, to which these inferences do not exist. */
function without(
  database: DatabaseReader,
  inferences: readonly string[],
): Pick<DatabaseReader, 'query'> {
  const seen = `with usage_events as (select * from usage_events
    where inference_id <> all ('{${inferences.join()}}'))`;
  return { query: (sql) => database.query(`${seen} ${sql}`) };
}
