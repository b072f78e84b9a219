// A key that writes to people by mail, and what came of it: how many letters are on their way, and who has no address.

import { useState } from 'preact/hooks';
import type { Letters, LetterWish, Plan } from '../contract/generated.ts';
import { Question } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { gap, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { sendLetters } from './api.ts';
import styles from './MailKey.css?inline';
import { SavingLine } from './Parts.tsx';
import { useSaving } from './saving.ts';

adopt(styles);

interface MailKeyProps {
    plan: Plan;
    wish: LetterWish;
    label: string;
    changed: () => Promise<void>;
}

export function MailKey({ plan, wish, label, changed }: MailKeyProps) {
    const saving = useSaving();
    const [sent, setSent] = useState<Letters | null>(null);
    const [asking, setAsking] = useState(false);
    const toMany = wish.participant === undefined;
    const send = () => {
        setSent(null);
        void saving.run(async () => {
            setSent(await sendLetters(plan.id, wish));
            await changed();
        });
    };
    return (
        <div class="mail">
            <button
                type="button"
                class="button"
                aria-disabled={saving.busy}
                aria-haspopup={toMany ? 'dialog' : undefined}
                onClick={() => !saving.busy && (toMany ? setAsking(true) : send())}
            >
                <Icon name="mail" />
                <span>{saving.busy ? text('house.saving') : label}</span>
            </button>
            <p role="status" class="mail-sent">
                {sent !== null && text('house.letters_posted', { count: sent.posted })}
                {sent !== null && sent.without_address > 0 && (
                    <>
                        {gap()}
                        {text('house.letters_without_address', { count: sent.without_address })}
                    </>
                )}
            </p>
            <SavingLine saving={saving} />
            {asking && (
                <Question
                    title={label}
                    detail={text(wish.kind === 'link' ? 'house.ask_mail_links' : 'house.ask_mail_plan')}
                    confirm={label}
                    onConfirm={send}
                    onClose={() => setAsking(false)}
                />
            )}
        </div>
    );
}
