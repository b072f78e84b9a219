// A message of a catalogue as the build leaves it (tools/words.ts): ICU MessageFormat, parsed. The page carries no parser.

/** Plain words, or parts one behind the other. */
export type Message = string | readonly Part[];

/** Words; a value as it stands; a value as a number of the language; a choice by a number. */
export type Part =
    | string
    | readonly [name: string]
    | readonly [name: string, kind: typeof NUMBER]
    | readonly [name: string, kind: typeof PLURAL | typeof ORDINAL, forms: Readonly<Record<string, Message>>];

export const NUMBER = 0;
export const PLURAL = 1;
export const ORDINAL = 2;

export type MessageValues = Record<string, string | number>;

/** What formats in one language; made once, because the browser's formatters are slow to make. */
export interface Formatter {
    numbers: Intl.NumberFormat;
    plurals: Intl.PluralRules;
    ordinals: Intl.PluralRules;
    fromRight: boolean;
}

export function formatterOf(locale: string): Formatter {
    return {
        numbers: new Intl.NumberFormat(locale),
        plurals: new Intl.PluralRules(locale),
        ordinals: new Intl.PluralRules(locale, { type: 'ordinal' }),
        fromRight: locale.startsWith('ar'),
    };
}

/** A value that is missing throws: the words around it would say something that is not so. */
export function formatMessage(message: Message, formatter: Formatter, values: MessageValues): string {
    return typeof message === 'string'
        ? message
        : message.map((part) => formatPart(part, formatter, values)).join('');
}

const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Somebody's name within our words, where it runs against them: in a direction of its own, so that the signs around it stay in their places. */
function isolated(value: string, fromRight: boolean): string {
    return FROM_RIGHT.test(value) !== fromRight && /\p{L}/u.test(value) ? `\u2068${value}\u2069` : value;
}

function formatPart(part: Part, formatter: Formatter, values: MessageValues): string {
    if (typeof part === 'string') {
        return part;
    }
    const [name, kind, forms] = part;
    const value = values[name];
    if (value === undefined) {
        throw new Error(`a message wants a value for ${name}`);
    }
    if (kind === undefined) {
        return isolated(String(value), formatter.fromRight);
    }
    const number = Number(value);
    if (kind === NUMBER) {
        return formatter.numbers.format(number);
    }
    const rules = kind === PLURAL ? formatter.plurals : formatter.ordinals;
    const chosen = forms[`=${number}`] ?? forms[rules.select(number)] ?? forms.other ?? '';
    return formatMessage(chosen, formatter, values);
}
