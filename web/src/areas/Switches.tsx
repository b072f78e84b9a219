// The page's language and its light: native selects, so that every device shows them in the way its reader knows.

import { Icon } from '../elements/Icon.tsx';
import { chooseTheme, THEMES, type Theme, theme } from '../elements/theme.ts';
import type { MessageKey } from '../i18n/index.ts';
import {
    chooseLanguage,
    isPageLanguage,
    OWN_NAMES,
    PAGE_LANGUAGES,
    type PageLanguage,
    pageLanguage,
    text,
} from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { attempt } from './act.ts';
import styles from './Switches.css?inline';

adopt(styles);

export function LanguageSwitch() {
    return (
        <label class="switch switch-language">
            <Icon name="globe" />
            <span class="hidden-text">{text('language.switch')}</span>
            <select
                value={pageLanguage.value}
                onChange={(event) => {
                    const wanted = event.currentTarget.value;
                    if (isPageLanguage(wanted)) {
                        void attempt(() => chooseLanguage(wanted));
                    }
                }}
            >
                <LanguageOptions languages={PAGE_LANGUAGES} />
            </select>
        </label>
    );
}

/** Each by its own name. */
export function LanguageOptions({ languages }: { languages: readonly PageLanguage[] }) {
    return languages.map((language) => (
        <option key={language} value={language} lang={language}>
            {OWN_NAMES[language]}
        </option>
    ));
}

const THEME_WORDS: Readonly<Record<Theme, MessageKey>> = {
    system: 'theme.system',
    light: 'theme.light',
    dark: 'theme.dark',
};

export function ThemeSwitch({ class: more = '' }: { class?: string }) {
    return (
        <label class={`switch switch-theme ${more}`}>
            <Icon name="sun" />
            <span class="switch-label">{text('theme.switch')}</span>
            <select value={theme.value} onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}>
                {THEMES.map((value) => (
                    <option key={value} value={value}>
                        {text(THEME_WORDS[value])}
                    </option>
                ))}
            </select>
        </label>
    );
}
