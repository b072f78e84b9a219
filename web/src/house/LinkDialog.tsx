// One person's link: shown to copy where it was made in this window, and a new one made otherwise, which ends those of before.

import { useState } from 'preact/hooks';
import type { Person, Plan } from '../contract/generated.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { makeLink } from './api.ts';
import styles from './LinkDialog.css?inline';
import { keepLink, linksOf } from './links.ts';
import { MailKey } from './MailKey.tsx';
import { CopyKey, SavingLine } from './Parts.tsx';
import { useSaving } from './saving.ts';

adopt(styles);

interface LinkDialogProps {
    plan: Plan;
    person: Person;
    changed: () => Promise<void>;
    onClose: () => void;
}

export function LinkDialog({ plan, person, changed, onClose }: LinkDialogProps) {
    const saving = useSaving();
    const [again, setAgain] = useState(false);
    const link = linksOf(plan.id).get(person.id);
    const had = person.link === 'good' || person.link === 'used' || link !== undefined;
    const make = () =>
        void saving.run(async () => {
            keepLink(plan.id, await makeLink(plan.id, person.id));
            setAgain(false);
            await changed();
        });
    return (
        <Dialog title={text('house.link_of', { name: person.name })} onClose={onClose}>
            {link !== undefined && !again && (
                <>
                    <p>{text('house.link_once')}</p>
                    <ShownWords label={text('house.link')} words={link.address} />
                    <div class="dialog-actions">
                        <button type="button" class="button" onClick={() => setAgain(true)}>
                            {text('house.new_link')}
                        </button>
                        <CopyKey words={link.address} label={text('house.copy_link')} />
                    </div>
                </>
            )}
            {(link === undefined || again) && (
                <>
                    <p>{text(had ? 'house.new_link_ends' : 'house.new_link_detail')}</p>
                    {person.account !== undefined && <p>{text('house.account_enough')}</p>}
                    {person.address !== undefined && (
                        <MailKey
                            plan={plan}
                            wish={{ kind: 'link', participant: person.id }}
                            label={text('house.mail_link')}
                            changed={changed}
                        />
                    )}
                    <div class="dialog-actions">
                        <button type="button" class="button" onClick={onClose}>
                            {text('action.cancel')}
                        </button>
                        <button
                            type="button"
                            class="button button-filled"
                            aria-disabled={saving.busy}
                            onClick={() => !saving.busy && make()}
                        >
                            {text(saving.busy ? 'house.saving' : 'house.new_link')}
                        </button>
                    </div>
                </>
            )}
            <SavingLine saving={saving} />
        </Dialog>
    );
}

/** Words to take away, where a page may not copy them by itself: chosen whole by one press. */
export function ShownWords({ label, words, lines = 1 }: { label: string; words: string; lines?: number }) {
    return (
        <textarea
            class="input shown-words"
            dir="ltr"
            readOnly
            rows={lines}
            aria-label={label}
            value={words}
            onFocus={(event) => event.currentTarget.select()}
        />
    );
}
