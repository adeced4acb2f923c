import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Provider } from '#harness/cassettes/provider.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { systemProviderKey } from '#harness/traffic/callers.ts';

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string().optional(),
      ports: z.array(z.string()).default([]),
      environment: z.record(z.string(), z.string()).default({}),
    }),
  ),
});
const { services } = composeSchema.parse(parse(await readFile('docker-compose.yml', 'utf8')));

/** As the compose tool does while no variable is set. */
function withDefaults(text: string): string {
  return text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
}

describe('docker-compose.yml', () => {
  test('publishes these ports, on loopback only', () => {
    const ports = Object.entries(services).flatMap(([name, service]) =>
      service.ports.map((port) => [name, withDefaults(port)]),
    );
    expect(Object.fromEntries(ports)).toEqual({
      service: '127.0.0.1:3000:3000',
      prometheus: '127.0.0.1:9090:9090',
      alertmanager: '127.0.0.1:9093:9093',
      grafana: '127.0.0.1:3001:3000',
    });
    expect(ports).toHaveLength(4);
  });

  test('runs the service as the scenarios need it, with the keys that the simulator accepts', async () => {
    const { service } = (await loadConfig()).config;
    const simulated = (provider: Provider, path: string) => ({
      baseUrl: `http://simulator:8080${path}`,
      systemKey: systemProviderKey(provider, 'compose'),
    });
    const { HOST, PORT, PRICES_FILE, LOG_LEVEL, ...needed } = service.environment({
      ...{ mode: 'production', host: '', port: 0 },
      databaseUrl: 'postgres://byom:byom@postgres:5432/byom',
      providers: {
        openai: simulated('openai', '/openai/v1'),
        google: simulated('google', '/google'),
        anthropic: simulated('anthropic', '/anthropic'),
        azure: simulated('azure', '/azure'),
      },
    });
    const given = Object.entries(services['service']?.environment ?? {});
    expect(Object.fromEntries(given.map(([name, text]) => [name, withDefaults(text)]))).toEqual(
      needed,
    );
  });

  test('lets each port of this machine and each image be replaced', () => {
    const all = Object.values(services);
    const images = all.flatMap(({ image }) => image ?? []);
    expect(images.filter((image) => !/^\$\{\w+:-.+\}$/.test(image))).toEqual([]);
    const ports = all.flatMap((service) => service.ports);
    expect(ports.filter((port) => !/:\$\{TALLY_\w+_PORT:-\d+\}:/.test(port))).toEqual([]);
  });
});
