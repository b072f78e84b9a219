// What index.html says by itself, in six languages, for a page that does not begin: a script that is not taken, not loaded or not permitted.
// No script has part in it: start.css shows it after a while.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASELINE } from '../src/media/baseline.ts';

const FOLDER = join(import.meta.dirname, '../start');

interface StartWords {
    title: string;
    wait: string;
    instead: string;
}

/** A sheet of web/start, as it is sent. */
export function startSheet(name: 'start.css' | 'no-script.css'): string {
    const text = readFileSync(join(FOLDER, name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    return text
        .replace(/\s+/g, ' ')
        .replace(/ ?([{}:;,]) ?/g, '$1')
        .trim();
}

export function startWords(): Record<string, StartWords> {
    return JSON.parse(readFileSync(join(FOLDER, 'words.json'), 'utf8')) as Record<string, StartWords>;
}

/** The reader's language first, and large. */
export function startSections(language: string): string {
    const words = startWords();
    const order = [language, ...Object.keys(words).filter((one) => one !== language)];
    return order
        .map((one, index) => {
            const { title, wait, instead } = words[one] ?? { title: '', wait: '', instead: '' };
            const named = instead.replace(/\{(\w+)\}/g, (_, name: keyof typeof BASELINE) => BASELINE[name]);
            const heading = index === 0 ? 'h1' : 'h2';
            const direction = one === 'ar' ? 'rtl' : 'ltr';
            return `<section lang="${one}" dir="${direction}"><${heading}>${title}</${heading}><p>${wait}</p><p>${named}</p></section>`;
        })
        .join('\n');
}
