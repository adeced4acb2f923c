import { POSTGRES_USER } from './create-cluster.ts';

/** How clients reach the server over TCP. */
export interface PostgresAddress {
  port: number;
  password: string;
}

/** URL of one database, for any driver of this machine. */
export function databaseUrl({ port, password }: PostgresAddress, name: string): string {
  return `postgres://${POSTGRES_USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
}
