export interface User {
  readonly id: string;
  readonly name: string;
  /** Plain answers may be remembered for the user. */
  readonly cachesAnswers: boolean;
}
