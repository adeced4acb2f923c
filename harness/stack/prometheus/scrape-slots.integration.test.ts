import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ScrapeSlot, Stack } from '#harness/stack/stack.ts';
import { TEST_STACKS } from '../test-stacks.fixture.ts';
import { queryInstant } from './query-instant.ts';

const POLL = { timeout: 3_000, interval: 10 };

describe.for(TEST_STACKS)('scrape slot, $backend', { tags: ['integration'] }, (tested) => {
  let stack: Stack;

  beforeAll(async () => {
    if (tested.notHere !== undefined) return;
    stack = await tested.start({ slots: 2 });
    await stack.prometheus.scraping;
  });
  afterAll(async () => await stack?.stop());
  beforeEach(({ skip }) => skip(tested.notHere !== undefined, tested.notHere));

  async function query(expression: string): Promise<number[]> {
    return await queryInstant(stack.prometheus.url, expression);
  }

  async function expectUp(slot: ScrapeSlot, value: number): Promise<void> {
    await expect.poll(() => query(`up{${slot.selector}}`), POLL).toEqual([value]);
  }

  test('shows a service in Prometheus while it points there', async () => {
    await using slot = await stack.prometheus.claimSlot();
    await expectUp(slot, 0);
    slot.pointTo(await serveMetrics('planets_total 8\n'));
    await expectUp(slot, 1);
    expect(await query(`planets_total{${slot.selector}}`)).toEqual([8]);
    slot.pointTo(await serveMetrics('planets_total 9\n'));
    await expect.poll(() => query(`planets_total{${slot.selector}}`), POLL).toEqual([9]);
    slot.detach();
    await expectUp(slot, 0);
    expect(await query(`planets_total{${slot.selector}}`)).toEqual([]);
    slot.pointTo(await serveMetrics('planets_total 7\n'));
    await expectUp(slot, 1);
  });

  test('of Tally itself has a job of its own', async () => {
    const { ownSlot } = stack.prometheus;
    ownSlot.pointTo(await serveMetrics('tally_verdict 1\n'));
    const own = () => query('tally_verdict{job="tally",instance="tally"}');
    await expect.poll(own, POLL).toEqual([1]);
    expect(await query('tally_verdict{job="service"}')).toEqual([]);
    expect(ownSlot.selector).toBe('job="tally",instance="tally"');
    ownSlot.detach();
  });

  test('begins without the series of its last user', async () => {
    const url = await serveMetrics('moons_total 1\n');
    for (let round = 0; round < 6; round += 1) {
      const slot = await stack.prometheus.claimSlot();
      expect(await query(`moons_total{${slot.selector}}`)).toEqual([]);
      slot.pointTo(url);
      await expectUp(slot, 1);
      await slot.release();
      await slot.release();
    }
  });

  test('is refused when all are taken, and free again after a release', async () => {
    const slots = [await stack.prometheus.claimSlot(), await stack.prometheus.claimSlot()];
    await expect(stack.prometheus.claimSlot()).rejects.toMatchObject({
      code: 'H_STACK_NO_FREE_SLOT',
    });
    await slots[0]?.release();
    const again = await stack.prometheus.claimSlot();
    expect(again.selector).toBe(slots[0]?.selector);
    await Promise.all([again.release(), slots[1]?.release()]);
  });

  test('cannot be used after its release', async () => {
    const slot = await stack.prometheus.claimSlot();
    await slot.release();
    expect(() => slot.pointTo('http://127.0.0.1:1/metrics')).toThrow('H_STACK_SLOT_RELEASED');
  });
});

async function serveMetrics(text: string): Promise<string> {
  const server = createServer((_incoming, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/metrics`;
}
