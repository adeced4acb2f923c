import { LLMock } from '@copilotkit/aimock';

const mock = new LLMock({ port: Number(process.argv[2]), host: '127.0.0.1' });
mock.onMessage('Greet the reader in one short sentence.', {
  content: 'Hello, reader, and welcome!',
});
await mock.start();
