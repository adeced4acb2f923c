import type { KnownFields } from '../known-fields.ts';

const COUNT = 'modality tokenCount';

/** Of generateContent, its stream, pictures and errors. */
export const FIELDS: KnownFields = {
  '': 'candidates promptFeedback usageMetadata modelVersion responseId error predictions',
  'predictions[]': 'mimeType bytesBase64Encoded raiFilteredReason',
  promptFeedback: 'blockReason safetyRatings',
  'candidates[]':
    'content finishReason finishMessage index safetyRatings citationMetadata groundingMetadata ' +
    'urlContextMetadata avgLogprobs logprobsResult',
  'candidates[].content': 'parts role',
  'candidates[].content.parts[]':
    'text thought thoughtSignature functionCall executableCode codeExecutionResult toolCall ' +
    'toolResponse inlineData',
  'candidates[].content.parts[].functionCall': 'id name args',
  'candidates[].content.parts[].executableCode': 'id language code',
  'candidates[].content.parts[].codeExecutionResult': 'id outcome output',
  'candidates[].content.parts[].inlineData': 'mimeType data',
  'candidates[].safetyRatings[]': 'category probability blocked',
  usageMetadata:
    'promptTokenCount promptTokensDetails candidatesTokenCount candidatesTokensDetails ' +
    'cachedContentTokenCount cacheTokensDetails thoughtsTokenCount toolUsePromptTokenCount ' +
    'toolUsePromptTokensDetails totalTokenCount serviceTier',
  'usageMetadata.promptTokensDetails[]': COUNT,
  'usageMetadata.candidatesTokensDetails[]': COUNT,
  'usageMetadata.cacheTokensDetails[]': COUNT,
  'usageMetadata.toolUsePromptTokensDetails[]': COUNT,
  error: 'code message status details',
  'error.details[]':
    '@type reason domain metadata locale message links violations fieldViolations retryDelay',
};

/** What clients are told and billed by. */
export const RELIES_ON: readonly string[] = [
  'modelVersion',
  'candidates[].content.parts[].text',
  'candidates[].content.parts[].functionCall.id',
  'candidates[].content.parts[].functionCall.name',
  'candidates[].content.parts[].functionCall.args',
  'candidates[].content.parts[].thoughtSignature',
  'candidates[].content.parts[].inlineData.data',
  'candidates[].finishReason',
  'usageMetadata.promptTokenCount',
  'usageMetadata.cachedContentTokenCount',
  'usageMetadata.candidatesTokenCount',
  'usageMetadata.thoughtsTokenCount',
  'error.message',
  'error.status',
  'error.details[].reason',
  'error.details[].retryDelay',
];
