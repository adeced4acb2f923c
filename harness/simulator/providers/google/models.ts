/** A model as the catalogue shows it. */
export interface GoogleModel {
  readonly id: string;
  readonly displayName: string;
  /** What it makes besides text, or instead of it. */
  readonly makes?: 'text and pictures' | 'pictures';
}

/** The models that the simulated account has; any other one is answered 404. */
export const MODELS: readonly GoogleModel[] = [
  { id: 'gemini-2.5-flash', displayName: 'Gemini 2.5 Flash' },
  {
    id: 'gemini-2.5-flash-image',
    displayName: 'Gemini 2.5 Flash Image',
    makes: 'text and pictures',
  },
  { id: 'gemini-2.5-flash-lite', displayName: 'Gemini 2.5 Flash-Lite' },
  { id: 'gemini-2.5-pro', displayName: 'Gemini 2.5 Pro' },
  {
    id: 'gemini-3.1-flash-image',
    displayName: 'Gemini 3.1 Flash Image',
    makes: 'text and pictures',
  },
  { id: 'gemini-3.1-flash-lite', displayName: 'Gemini 3.1 Flash-Lite' },
  { id: 'gemini-3.5-flash', displayName: 'Gemini 3.5 Flash' },
  { id: 'gemini-3.5-flash-lite', displayName: 'Gemini 3.5 Flash-Lite' },
  { id: 'gemini-3.6-flash', displayName: 'Gemini 3.6 Flash' },
  { id: 'gemini-3.8-flash', displayName: 'Gemini 3.8 Flash' },
  { id: 'imagen-4.0-generate-001', displayName: 'Imagen 4', makes: 'pictures' },
];

/** The same for every model. */
export const PROMPT_TOKENS_MAX = 1_048_576;

export function findModel(id: string): GoogleModel | undefined {
  return MODELS.find((model) => model.id === id);
}
