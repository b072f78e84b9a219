// The wall's keys: its two languages, and the full screen, which F is for, too.

import { useEffect, useState } from 'preact/hooks';
import { LanguageOptions } from '../areas/Switches.tsx';
import { Icon } from '../elements/Icon.tsx';
import { shortcutsEnabled } from '../elements/shortcuts.ts';
import { isPageLanguage, PAGE_LANGUAGES, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './ProjectorTools.css?inline';
import { chooseLanguages, inFirst, wallLanguages, withFirst } from './projector_languages.ts';

adopt(styles);

async function toggleFullScreen(page: Document): Promise<void> {
    try {
        await (page.fullscreenElement === null
            ? page.documentElement.requestFullscreen()
            : page.exitFullscreen());
    } catch {
        // The browser does not let it; the window can still be made as large as the screen.
    }
}

function useFullScreen(page: Document): boolean {
    const [full, setFull] = useState(false);
    useEffect(() => {
        const note = (): void => setFull(page.fullscreenElement !== null);
        const press = (event: KeyboardEvent): void => {
            const alone = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
            if (event.code === 'KeyF' && alone && shortcutsEnabled.peek()) {
                event.preventDefault();
                void toggleFullScreen(page);
            }
        };
        note();
        page.addEventListener('fullscreenchange', note);
        page.addEventListener('keydown', press);
        return () => {
            page.removeEventListener('fullscreenchange', note);
            page.removeEventListener('keydown', press);
        };
    }, [page]);
    return full;
}

function Languages() {
    const now = wallLanguages.value;
    return (
        <>
            <label class="switch switch-language">
                <Icon name="globe" />
                <span class="hidden-text">{inFirst(() => text('wall.language'))}</span>
                <select
                    value={now.first}
                    onChange={({ currentTarget: { value } }) => {
                        if (isPageLanguage(value)) {
                            chooseLanguages(withFirst(now, value));
                        }
                    }}
                >
                    <LanguageOptions languages={PAGE_LANGUAGES} />
                </select>
            </label>
            <label class="switch">
                <span class="hidden-text">{inFirst(() => text('wall.second'))}</span>
                <select
                    value={now.second ?? ''}
                    onChange={({ currentTarget: { value } }) =>
                        chooseLanguages({ ...now, second: isPageLanguage(value) ? value : null })
                    }
                >
                    <option value="">{inFirst(() => text('wall.alone'))}</option>
                    <LanguageOptions languages={PAGE_LANGUAGES.filter((one) => one !== now.first)} />
                </select>
            </label>
        </>
    );
}

export function ProjectorTools({ page }: { page: Document }) {
    const full = useFullScreen(page);
    const words = inFirst(() => text(full ? 'wall.not_full' : 'wall.full'));
    return (
        <div class="projector-tools">
            <Languages />
            {page.fullscreenEnabled && (
                <button type="button" class="button" onClick={() => void toggleFullScreen(page)}>
                    <Icon name={full ? 'window_back' : 'window'} />
                    <span>{words}</span>
                    <kbd>F</kbd>
                </button>
            )}
        </div>
    );
}
