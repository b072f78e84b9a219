// Suspending interpretation into the booth's language: what the listeners read meanwhile, a standard line or one's own.

import { useEffect, useState } from 'preact/hooks';
import { act } from '../areas/act.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { TEXT_MOST } from '../elements/text_most.ts';
import { fits, WordsCount } from '../elements/WordsCount.tsx';
import { languageName, type PageLanguage, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { closeDialog } from './dialogs.ts';
import styles from './SuspendDialog.css?inline';
import { bringStandardLines, standardLines } from './standard_lines.ts';

adopt(styles);

export function SuspendDialog({ language }: { language: PageLanguage }) {
    const standard = standardLines.value?.[language] ?? [];
    const [chosen, setWords] = useState<string | null>(null);
    const words = chosen ?? standard[0] ?? '';
    useEffect(bringStandardLines, []);
    return (
        <Dialog
            title={text('suspension.title', { language: languageName(language) })}
            onClose={closeDialog}
            kind="question"
        >
            <p>{text('suspension.detail')}</p>
            <div class="suspend-lines">
                {standard.map((one) => (
                    <button
                        key={one}
                        type="button"
                        class="button suspend-line"
                        lang={language}
                        dir="auto"
                        aria-pressed={words === one}
                        onClick={() => setWords(one)}
                    >
                        {one}
                    </button>
                ))}
            </div>
            <label class="field">
                <span>{text('suspension.words')}</span>
                <textarea
                    class="input"
                    rows={3}
                    lang={language}
                    dir="auto"
                    value={words}
                    onInput={(event) => setWords(event.currentTarget.value)}
                />
                <WordsCount words={words} most={TEXT_MOST.announcement} />
            </label>
            <div class="dialog-actions">
                <button type="button" class="button" onClick={closeDialog}>
                    {text('action.cancel')}
                </button>
                <button
                    type="button"
                    class="button button-filled"
                    disabled={!fits(words, TEXT_MOST.announcement)}
                    onClick={() => {
                        const announcement = words.trim();
                        void act('interpretation.suspend', {
                            language,
                            ...(announcement === '' ? {} : { announcement }),
                        });
                        closeDialog();
                    }}
                >
                    {text('suspension.ask')}
                </button>
            </div>
        </Dialog>
    );
}
