import type { HarnessEnvironment } from '#harness/config/env.ts';
import type { GrafanaFolders } from '#harness/grafana/grafana-folders.ts';
import { type Backend, chooseStack } from './choose-stack.ts';
import { startEmbeddedStack } from './embedded/start-embedded-stack.ts';
import { startExternalStack } from './external/start-external-stack.ts';
import type { Stack } from './stack.ts';

export interface StartStackOptions extends HarnessEnvironment {
  /** Chosen by what is there when left out. */
  backend?: Backend | undefined;
  /** The service is to run in containers of this image, which makes the stack run in containers too. */
  serviceImage?: string | undefined;
  /** What a Grafana of the stack is provisioned from; it starts none when left out. */
  grafana?: GrafanaFolders | undefined;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** Starts the stack on the backend that was asked for or chosen, and says which and why. */
export async function startStack(options: StartStackOptions): Promise<Stack> {
  const { backend, reason } = await chooseStack(options, options.backend);
  options.progress(`stack: starting Postgres and Prometheus, ${backend} (${reason})`);
  switch (backend) {
    case 'embedded':
      return await startEmbeddedStack(options);
    case 'containers': {
      // Loaded here, since nobody else needs testcontainers, and it takes a while.
      const { startContainerStack } = await import('./containers/start-container-stack.ts');
      // As with the other images, nothing is pulled unasked.
      const pullGrafana = options.backend === 'containers';
      return await startContainerStack({ ...options, pullGrafana });
    }
    case 'external':
      return await startExternalStack(options);
  }
}
