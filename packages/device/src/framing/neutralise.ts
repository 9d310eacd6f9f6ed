/**
 * Characters that act instead of being read, or that hide what is read: controls, lone surrogates, bidirectional overrides and isolates (UAX #9), line and
 * paragraph separators, and everything without width: joiners, fillers, tag characters, the second half of the variation selectors.
 */
const acting =
  /\u034f|\u17b4|\u17b5|[\u180b-\u180f]|[\ufe00-\ufe0f]|[\p{Cc}\p{Cs}\u00ad\u061c\u115f\u1160\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** Names of tags, or of their parts, by which agents are spoken to: by their own program, by the models' own formats, or by claudemesh. */
const tagWords = [
  ...["antml", "assistant", "channel", "claude", "claudemesh", "command", "consent", "context"],
  ...[
    "cross",
    "developer",
    "function",
    "functions",
    "hook",
    "human",
    "instruction",
    "instructions",
  ],
  ...["interrupted", "invoke", "local", "mesh", "message", "messages", "notification", "parameter"],
  ...[
    "permission",
    "persisted",
    "policy",
    "prompt",
    "reminder",
    "reply",
    "result",
    "results",
    "role",
  ],
  ...["s", "session", "stderr", "stdout", "sys", "system", "task", "teammate", "thinking", "tool"],
  ...["tools", "transcript", "turn", "untrusted", "user"],
].join("|");

const tag = new RegExp(
  `<(?=[\\s/\\\\!?|<]{0,8}(?:[a-z0-9]{1,30}[-_:.]){0,6}(?:${tagWords})(?![a-z0-9]))|<(?=\\|)`,
  "giu",
);
const instructionMark = /\[(?=\/?(?:inst|sys|system)\])/giu;
const turn =
  /^([\s>*#_|"'`-]{0,20})(human|assistant|(?:User|USER|System|SYSTEM|Developer|DEVELOPER)(?![a-z])|h(?=\s{0,4}:\s{0,4}$))([*_]{0,3}\s{0,4}):/gimu;
const isTurnWord = /^(?:human|assistant|User|USER|System|SYSTEM|Developer|DEVELOPER)$/u;

/**
 * Someone else's text made harmless for an agent: what would act is shown as `\x1b` or `\u{202e}`, the `<` of a tag by which agents are spoken to as `‹`, the
 * colon of a faked turn as `∶`. Line breaks stay; everything else is as it was written.
 */
export function neutralise(text: string): string {
  return visible(text.replaceAll("\r\n", "\n"))
    .replaceAll(tag, "‹")
    .replaceAll(instructionMark, "⁅")
    .replaceAll(turn, (whole, lead: string, word: string, gap: string) =>
      isTurn(word) ? `${lead}${word}${gap}∶` : whole,
    );
}

const isTurn = (word: string): boolean =>
  isTurnWord.test(word) || /^(?:human|assistant)$/iu.test(word);

const visible = (text: string): string =>
  text.replaceAll(acting, (character, at: number) =>
    character === "\n" || character === "\t" || isPartOfWord(text, at, character)
      ? character
      : shown(character),
  );

const emoji = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;
/** Scripts in which a joiner or non-joiner is spelling. */
const joining =
  /[\p{Script=Arabic}\p{Script=Bengali}\p{Script=Devanagari}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Syriac}\p{Script=Tamil}\p{Script=Telugu}]/u;

/** Whether an invisible character is how a word or an emoji is spelled: a joiner between two of them, or one selector behind an emoji. */
function isPartOfWord(text: string, at: number, character: string): boolean {
  const before = lastOf(text.slice(Math.max(0, at - 2), at));
  if (character === "\ufe0f" || character === "\ufe0e") return /\p{Emoji}/u.test(before);
  if (character !== "\u200d" && character !== "\u200c") return false;
  const next = text.codePointAt(at + 1);
  const after = next === undefined ? "" : String.fromCodePoint(next);
  return (
    (joining.test(before) && joining.test(after)) ||
    (character === "\u200d" && emoji.test(before) && emoji.test(after) && after !== "\ufe0f")
  );
}

const lastOf = (text: string): string => [...text].at(-1) ?? "";

function shown(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
}
