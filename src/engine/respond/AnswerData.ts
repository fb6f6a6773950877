/** Bytes before and after the value of `data` in a body. */
const HEAD = 8;
const TAIL = 2;

/**
 * The `data` of an answer, finished. Kept as the bytes of the whole body of an answer without errors, because that is what is nearly
 * always sent; the text is for whoever needs it.
 */
export class AnswerData {
  /** `{"data":…}` and a line feed. */
  readonly body: Buffer;
  #text: string | undefined;

  constructor(body: Buffer) {
    this.body = body;
    this.#text = undefined;
  }

  /** From the JSON text of the value. */
  static of(text: string): AnswerData {
    return new AnswerData(Buffer.from(`{"data":${text}}\n`));
  }

  get isNull(): boolean {
    // No other value starts with an n.
    return this.body[HEAD] === 0x6e;
  }

  /** The JSON text of the value. */
  get text(): string {
    return (this.#text ??= this.body.toString('utf8', HEAD, this.body.length - TAIL));
  }
}
