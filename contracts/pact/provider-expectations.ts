import { type AnyTemplate, Matchers } from '@pact-foundation/pact';
