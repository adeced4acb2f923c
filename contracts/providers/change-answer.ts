import type { RecordedResponse } from '#harness/cassettes/cassette.ts';
import { changePath, type PathChange } from '#harness/cassettes/change-path.ts';
import { parseJson } from '#harness/simulator/parse-json.ts';

/** A recorded answer with every place of the path made wrong; undefined when it has none. */
export function changeAnswer(
  response: RecordedResponse,
  path: string,
  change: PathChange,
): RecordedResponse | undefined {
  let isChanged = false;
  const changeData = (data: string): string => {
    const changed = changePath(parseJson(data), path, change);
    isChanged ||= changed !== undefined;
    return changed === undefined ? data : JSON.stringify(changed);
  };
  const text = response.bytes.toString();
  const isStream = /^(event|data):/.test(text);
  const body = isStream
    ? text.replaceAll(/^data: (.*?)(?=\r?$)/gm, (_, data: string) => `data: ${changeData(data)}`)
    : changeData(text);
  return isChanged ? { ...response, bytes: Buffer.from(body), chunks: undefined } : undefined;
}
