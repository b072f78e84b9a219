// A field for words in six languages. One is enough: the others stay folded away, and are filled by it.

import { useId, useState } from 'preact/hooks';
import { fits, WordsCount } from '../elements/WordsCount.tsx';
import { languageName, PAGE_LANGUAGES, type PageLanguage, pageLanguage, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './LocalizedField.css?inline';
import { filled, firstOf, type Six } from './six.ts';

adopt(styles);

interface LocalizedFieldProps {
    label: string;
    value: Six;
    most: number;
    onInput: (value: Six) => void;
    /** All six at once, for names that are rarely the same. */
    open?: boolean;
}

export function LocalizedField({ label, value, most, onInput, open = false }: LocalizedFieldProps) {
    // The field does not jump to another language while one writes.
    const [first] = useState(() => firstOf(value, pageLanguage.value));
    const others = PAGE_LANGUAGES.filter((one) => one !== first);
    const given = others.filter((one) => (value[one] ?? '').trim() !== '').length;
    const change = (language: PageLanguage) => (words: string) => onInput({ ...value, [language]: words });
    return (
        <div class="localized">
            <OneLanguage
                label={`${label} · ${languageName(first)}`}
                language={first}
                words={value[first] ?? ''}
                most={most}
                onInput={change(first)}
            />
            <details open={open}>
                <summary>{text('house.other_languages', { given, most: others.length })}</summary>
                <div class="localized-others">
                    {others.map((one) => (
                        <OneLanguage
                            key={one}
                            label={languageName(one)}
                            language={one}
                            words={value[one] ?? ''}
                            most={most}
                            instead={filled(value)[one]}
                            onInput={change(one)}
                        />
                    ))}
                </div>
            </details>
        </div>
    );
}

interface OneLanguageProps {
    label: string;
    language: PageLanguage;
    words: string;
    most: number;
    /** What stands there while nothing is written. */
    instead?: string;
    onInput: (words: string) => void;
}

function OneLanguage({ label, language, words, most, instead, onInput }: OneLanguageProps) {
    const id = useId();
    return (
        <div class="field">
            <label for={id}>{label}</label>
            <input
                id={id}
                class="input"
                lang={language}
                dir={language === 'ar' ? 'rtl' : 'ltr'}
                placeholder={instead}
                value={words}
                onInput={(event) => onInput(event.currentTarget.value)}
            />
            {!fits(words, most) && <WordsCount words={words} most={most} />}
        </div>
    );
}
