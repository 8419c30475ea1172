// `Intl.Segmenter`: graphemes, words and sentences by the plain cases of the Unicode rules (UAX 29), which know no dictionary.

const { localeOf, oneOf, supportedLocalesOf } = require('quickcuke:intl_locale');

const EXTEND = String.raw`(?:[\p{M}\u200c\u200d\u{1f3fb}-\u{1f3ff}\ufe0f\u{e0020}-\u{e007f}])`;
const PICTURE = String.raw`\p{Extended_Pictographic}`;
const PATTERNS = {
  // A line end, a flag, a Hangul syllable, pictures joined to one, or a character with what extends it.
  grapheme: String.raw`\r\n|\p{RI}\p{RI}${EXTEND}*|[\u1100-\u115f]*(?:[\uac00-\ud7a3]|[\u1160-\u11a7])[\u1160-\u11ff]*${EXTEND}*|${PICTURE}(?:(?:[\p{M}\u{1f3fb}-\u{1f3ff}\ufe0f])*\u200d${PICTURE})*${EXTEND}*|[^\r\n\p{Cc}]${EXTEND}*|[\s\S]`,
  word: String.raw`\r\n|(?:[\p{Alphabetic}\p{N}_]${EXTEND}*)+(?:(?:(?<=\p{Alphabetic}${EXTEND}*)['.:·’\u2018\ufe13](?=\p{Alphabetic})|(?<=\p{N})[.,'’](?=\p{N}))(?:[\p{Alphabetic}\p{N}_]${EXTEND}*)+)*|\p{RI}\p{RI}|[ \u2000-\u200a\u3000]+|[\s\S]${EXTEND}*`,
  sentence: String.raw`[^.?!\n\r]*(?:(?:[.?!]+["')\]”’]*[ \t]*)(?:\r\n|[\n\r])?|\r\n|[\n\r]|$)`,
};

class Segmenter {
  #granularity; #locale;
  constructor(locales, options = {}) {
    this.#locale = localeOf(locales);
    oneOf.className = 'Segmenter';
    this.#granularity = oneOf(options, 'granularity', ['grapheme', 'word', 'sentence'], 'grapheme');
    oneOf.className = undefined;
  }
  segment(input) { return new Segments(`${input}`, this.#granularity); }
  resolvedOptions() { return { locale: this.#locale, granularity: this.#granularity }; }
  static supportedLocalesOf(locales) { return supportedLocalesOf(locales); }
}
Object.defineProperty(Segmenter.prototype, Symbol.toStringTag, { value: 'Intl.Segmenter', configurable: true });

class Segments {
  #input; #granularity;
  constructor(input, granularity) {
    this.#input = input;
    this.#granularity = granularity;
  }
  *[Symbol.iterator]() {
    const isWord = this.#granularity === 'word';
    for (const { 0: segment, index } of this.#input.matchAll(new RegExp(PATTERNS[this.#granularity], 'gu'))) {
      if (segment === '') continue;
      yield { segment, index, input: this.#input, ...(isWord && { isWordLike: /[\p{Alphabetic}\p{N}]/u.test(segment) }) };
    }
  }
  containing(at = 0) {
    const index = Math.trunc(Number(at)) || 0;
    for (const found of this) if (index >= found.index && index < found.index + found.segment.length) return found;
    return undefined;
  }
}

module.exports = { Segmenter };
