import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { releaseName } from './fetch-release.ts';
import { PINNED_VERSION } from './prometheus-version.ts';

type Answer = (outgoing: ServerResponse) => void;

/** Serves a release with the layout of the official ones; single files can be replaced. */
export interface ReleaseServer {
  readonly url: string;
  /** The paths that were asked for, in order. */
  readonly requests: readonly string[];
  /** Answers a file in another way from now on. */
  replace(file: 'sha256sums.txt' | 'archive', answer: Answer): void;
  readonly archive: Buffer;
  readonly checksums: string;
  close(): Promise<void>;
}

/** A release whose programs are shell scripts that tell a version, made in `directory`. */
export async function startReleaseServer(
  directory: string,
  script = `echo "$0, version ${PINNED_VERSION}"`,
): Promise<ReleaseServer> {
  const name = releaseName(process.platform, process.arch);
  const archive = await createArchive(directory, name, script);
  const checksums = `${createHash('sha256').update(archive).digest('hex')}  ${name}.tar.gz\n`;
  const folder = `/releases/v${PINNED_VERSION}`;
  const answers = new Map<string, Answer>([
    [`${folder}/sha256sums.txt`, (outgoing) => outgoing.end(checksums)],
    [`${folder}/${name}.tar.gz`, (outgoing) => outgoing.end(archive)],
  ]);
  const requests: string[] = [];
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const path = incoming.url ?? '';
    requests.push(path);
    const answer = answers.get(path);
    if (answer === undefined) outgoing.writeHead(404).end();
    else answer(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/releases`,
    requests,
    archive,
    checksums,
    replace: (file, answer) => {
      const path = file === 'archive' ? `${name}.tar.gz` : file;
      answers.set(`${folder}/${path}`, answer);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function createArchive(directory: string, name: string, script: string): Promise<Buffer> {
  const release = join(directory, name);
  await mkdir(release, { recursive: true });
  for (const program of ['prometheus', 'promtool']) {
    await writeProgram(join(release, program), script);
  }
  await writeFile(join(release, 'LICENSE'), 'not wanted');
  const path = join(directory, 'release.tar.gz');
  await promisify(execFile)('tar', ['-czf', path, '-C', directory, name]);
  return await readFile(path);
}

/** An executable shell script. */
export async function writeProgram(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}
