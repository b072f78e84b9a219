// The words of the page, made ready by the build: ICU MessageFormat is parsed here, once, so that the page loads neither the parser nor what
// it would read.
import { readFileSync } from 'node:fs';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import type { Plugin } from 'vite';
import { type Message, NUMBER, ORDINAL, type Part, PLURAL } from '../src/i18n/message.ts';

/** Throws for what formatMessage() does not know. */
export function compileMessage(text: string): Message {
    return compileElements(parse(text, { ignoreTag: true }), '');
}

// `counted` is what `#` stands for.
function compileElements(elements: MessageFormatElement[], counted: string): Message {
    const parts = elements.map((element) => compileElement(element, counted));
    const [first = ''] = parts;
    return parts.length < 2 && typeof first === 'string' ? first : parts;
}

function compileElement(element: MessageFormatElement, counted: string): Part {
    switch (element.type) {
        case TYPE.literal:
            return element.value;
        case TYPE.argument:
            return [element.value];
        case TYPE.pound:
            return [counted, NUMBER];
        case TYPE.number:
            if (!element.style) {
                return [element.value, NUMBER];
            }
            break;
        case TYPE.plural:
            if (element.offset === 0) {
                const forms = Object.entries(element.options).map(([form, { value }]) => [
                    form,
                    compileElements(value, element.value),
                ]);
                const kind = element.pluralType === 'ordinal' ? ORDINAL : PLURAL;
                return [element.value, kind, Object.fromEntries(forms)];
            }
    }
    throw new Error(`nothing formats ${JSON.stringify(element)}`);
}

/** One language of an area's file, ready for the page. */
export function catalogueOf(file: string, language: string): Record<string, Message> {
    const area = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;
    return Object.fromEntries(
        Object.entries(area).map(([key, texts]) => {
            const text = texts[language];
            if (text === undefined) {
                throw new Error(`${file}: ${key} has no ${language}`);
            }
            return [key, compileMessage(text)];
        }),
    );
}

/** For the build: words/AREA.json?language=LANGUAGE is a catalogue. */
export function words(): Plugin {
    return {
        name: 'words',
        enforce: 'pre',
        load(id) {
            const [, file, language] = id.match(/^(.*\/words\/[a-z]+\.json)\?language=([a-z]{2})$/) ?? [];
            if (file === undefined || language === undefined) {
                return null;
            }
            this.addWatchFile(file);
            return JSON.stringify(catalogueOf(file, language));
        },
    };
}
