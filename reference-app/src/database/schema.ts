import type { ColumnType, Generated } from 'kysely';
import type { CredentialSettings } from '../credentials/credential-settings.ts';

/** The tables as the newest migration leaves them. */
export interface Schema {
  users: {
    id: Generated<string>;
    name: string;
    /** SHA-256 of the service key; the key itself is never stored. */
    api_key_hash: Buffer;
    /** true: the system's key never pays for this user. */
    always_own_key: Generated<boolean>;
    /** true: plain answers may be remembered for the user. */
    cache_answers: Generated<boolean>;
    created_at: Generated<Date>;
  };
  credentials: {
    id: Generated<string>;
    user_id: string;
    provider: string;
    /** Which master key encrypted this row, e.g. "v1". */
    key_version: string;
    nonce: Buffer;
    /** AES-256-GCM ciphertext followed by its 16-byte tag. */
    ciphertext: Buffer;
    /** Unique among the user's live credentials of the provider. */
    name: string;
    /** At most one live credential per user and provider. */
    is_default: boolean;
    /** JSON text when written; see CredentialSettings. */
    settings: ColumnType<CredentialSettings, string | undefined, string>;
    created_at: Generated<Date>;
    updated_at: Generated<Date>;
    /** Set once: deleted credentials are kept, and are usable for nothing. */
    deleted_at: Date | null;
  };
  agent_sessions: {
    id: Generated<string>;
    user_id: string;
    /** null: the user's default one, or the system's. */
    credential_id: string | null;
    /** null: the default model of the credential. */
    model: string | null;
    instructions: string | null;
    /** While a turn is being answered. */
    busy_until: Date | null;
    created_at: Generated<Date>;
  };
  agent_messages: {
    session_id: string;
    /** 1, 2, … within the session. */
    position: number;
    role: 'user' | 'assistant';
    content: string;
    created_at: Generated<Date>;
  };
  master_key_versions: {
    version: string;
    first_used_at: Generated<Date>;
  };
  usage_events: {
    id: Generated<string>;
    inference_id: string;
    user_id: string;
    /** 1, 2, … within one inference. */
    attempt: Generated<number>;
    endpoint: string;
    provider: string;
    model: string;
    model_requested: string;
    model_served: string | null;
    credential: string;
    fallback_reason: string | null;
    outcome: string;
    is_stream: boolean;
    provider_status: number | null;
    input_tokens: string;
    cached_input_tokens: string;
    cache_write_tokens: string;
    output_tokens: string;
    reasoning_tokens: string;
    images: Generated<number>;
    source: string;
    cost_pico_usd: string;
    is_priced: boolean;
    duration_seconds: number;
    created_at: Generated<Date>;
  };
}
