import { GenericContainer } from 'testcontainers';
import type { EngineNetwork } from './engine/engine-network.ts';
import { portBindings } from './stack-container.ts';

/** A container that publishes its one port where the network says, if it has to. */
export class PlacedContainer extends GenericContainer {
  readonly #network: EngineNetwork;
  readonly #port: number;

  constructor(image: string, { network, port }: { network: EngineNetwork; port: number }) {
    super(image);
    this.#network = network;
    this.#port = port;
    if (network.kind === 'bridge') this.withExposedPorts(port);
  }

  protected override async beforeContainerCreated(): Promise<void> {
    this.hostConfig.PortBindings = portBindings(this.#network, this.#port);
  }
}
