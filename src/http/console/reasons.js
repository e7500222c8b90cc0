// The server says why in English; on the Chinese page its sentences are said in Chinese. A sentence is known by its fixed
// words: {} stands for what is said in its place, which is itself a sentence, a list, or a name that stays as it is. What is not
// known, such as a document's own words, is shown as it came.

import { FINDINGS, REASONS } from "./sentences.js";
import { isChinese } from "./words.js";

const ALL = [REASONS, FINDINGS].flatMap((text) => text.trim().split("\n")).map((line) => line.split(" = "));

const WHOLE = new Map(ALL.filter(([said]) => !said.includes("{}")));
const SENTENCES = ALL.filter(([said]) => said.includes("{}")).map(([said, meant]) => {
  const parts = said.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  // What begins with a name or a number begins with nothing else: a document's own words may go on in the same way.
  const form = parts.join("(.+?)").replace(/^\(\.\+\?\)/, "(`[^`]*`|-?\\d+)");
  return [new RegExp(`^${form}$`, "s"), meant];
});

const known = new Map();

export function say(text) {
  if (!isChinese() || !text) return text;
  const found = known.get(text) || tell(text, 0);
  if (known.size > 2000) known.clear();
  known.set(text, found);
  return found;
}

// None of the sentences is deep; what a document says could be.
const DEEPEST = 6;

function tell(text, depth) {
  if (depth > DEEPEST || !/[A-Za-z]{2}/.test(text)) return listed(text);
  if (WHOLE.has(text)) return WHOLE.get(text);
  const accepted = text.match(/^accepted: (.+)$/s);
  if (accepted) return `通过：${effects(accepted[1]).map((one) => tell(one, depth + 1)).join("，")}`;
  const [before, inside] = bracketed(text);
  if (inside !== undefined) return `${tell(before, depth + 1)}（${tell(inside, depth + 1)}）`;
  for (const [joint, meant] of [[", ", "、"], [" and ", "且"]]) {
    const parts = text.split(joint);
    const told = parts.length > 1 ? parts.map((part) => spoken(part, depth + 1)) : [null];
    if (!told.includes(null)) return told.join(meant);
  }
  return spoken(text, depth) || listed(text);
}

// The first sentence that it is; null where it is none.
function spoken(text, depth) {
  if (WHOLE.has(text)) return WHOLE.get(text);
  for (const [form, meant] of SENTENCES) {
    const found = form.exec(text);
    if (!found) continue;
    let at = 0;
    // Between Chinese words there is no blank.
    return meant.replace(/( ?)\{(\d?)\}( ?)/g, (_, left, number, right) => {
      const part = tell(found[number ? Number(number) : (at += 1)], depth + 1);
      return `${CHINESE.test(part[0]) ? "" : left}${part}${CHINESE.test(part.at(-1)) ? "" : right}`;
    });
  }
  return null;
}

const CHINESE = /[\u2e80-\uffef]/;

// Effects begin with what is done; what stands in them begins otherwise.
const effects = (text) => text.split(/, (?=(?:issues|spends|sends|creates|deletes|kills|sets|makes|marks|moves|keeps|changes|removes|gives|ties|unties|adjusts|adds|takes|enters|writes) )/);

// What comes before a bracket that ends the text, and what is in it.
function bracketed(text) {
  if (!text.endsWith(")")) return [text];
  let open = 0;
  for (let at = text.length - 1; at > 0; at -= 1) {
    if (text[at] === ")") open += 1;
    else if (text[at] === "(" && (open -= 1) === 0) return text[at - 1] === " " ? [text.slice(0, at - 1), text.slice(at + 1, -1)] : [text];
  }
  return [text];
}

// Names and values with "or" and "and" between them.
const VALUE = "(?:`[^`]*`|\"[^\"]*\"|-?\\d+|true|false)";
const LIST = new RegExp(`^${VALUE}(?:(?:, | or | and )${VALUE})+$`);
const listed = (text) => LIST.test(text) ? text.replaceAll(" or ", " 或 ").replaceAll(" and ", " 和 ").replaceAll(", ", "、") : text;
