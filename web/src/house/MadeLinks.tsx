// The links that were made in this window: all of them to copy, or on badges. And one for everybody who has none.

import { useState } from 'preact/hooks';
import type { Delegation, Plan } from '../contract/generated.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { gap, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { makeLinks } from './api.ts';
import { planPath } from './Desk.tsx';
import { ShownWords } from './LinkDialog.tsx';
import { keepLinks, linksOf, type MadeLink } from './links.ts';
import styles from './MadeLinks.css?inline';
import { MailKey } from './MailKey.tsx';
import { CopyKey, Link, SavingLine } from './Parts.tsx';
import { capacityWords } from './People.tsx';
import { useSaving } from './saving.ts';

adopt(styles);

interface MadeLinksProps {
    plan: Plan;
    delegations: readonly Delegation[];
    changed: () => Promise<void>;
}

/** For a letter or a sheet: name, capacity, delegation, address, link. */
export function linksAsLines(links: readonly MadeLink[], delegations: readonly Delegation[]): string {
    return links
        .map(({ holder, address }) => {
            const code = delegations.find((one) => one.id === holder.delegation)?.code ?? '';
            const what = capacityWords({ language: 'none', ...holder });
            return [holder.name, what, code, holder.address ?? '', address].join('\t');
        })
        .join('\n');
}

export function MadeLinks({ plan, delegations, changed }: MadeLinksProps) {
    const saving = useSaving();
    const [open, setOpen] = useState(false);
    const links = [...linksOf(plan.id).values()];
    const unlinked = plan.unlinked ?? 0;
    const makeAll = () =>
        void saving.run(async () => {
            keepLinks(plan.id, await makeLinks(plan.id));
            await changed();
        });
    if (links.length === 0 && unlinked === 0 && saving.problem === null) {
        return null;
    }
    return (
        <div class="made">
            {unlinked > 0 && (
                <div class="made-line">
                    <p>{text('house.lack_links', { count: unlinked })}</p>
                    <button
                        type="button"
                        class="button"
                        aria-disabled={saving.busy}
                        onClick={() => !saving.busy && makeAll()}
                    >
                        <Icon name="link" />
                        <span>
                            {saving.busy
                                ? text('house.saving')
                                : text('house.make_links', { count: unlinked })}
                        </span>
                    </button>
                    <MailKey
                        plan={plan}
                        wish={{ kind: 'link' }}
                        label={text('house.mail_links')}
                        changed={changed}
                    />
                </div>
            )}
            {links.length > 0 && (
                <div class="made-line">
                    <p>
                        <strong>{text('house.links_made', { count: links.length })}</strong>
                        {gap()}
                        {text('house.links_kept')}
                    </p>
                    <div class="made-keys">
                        <button
                            type="button"
                            class="button"
                            aria-haspopup="dialog"
                            onClick={() => setOpen(true)}
                        >
                            <Icon name="link" />
                            <span>{text('house.links_list')}</span>
                        </button>
                        <Link to={planPath(plan.id, 'badges')} class="button">
                            <Icon name="person" />
                            <span>{text('house.badges')}</span>
                        </Link>
                    </div>
                </div>
            )}
            <SavingLine saving={saving} />
            {open && (
                <Dialog title={text('house.links_list')} onClose={() => setOpen(false)} kind="wide">
                    <p>{text('house.links_list_detail')}</p>
                    <ShownWords
                        label={text('house.links_list')}
                        words={linksAsLines(links, delegations)}
                        lines={12}
                    />
                    <div class="dialog-actions">
                        <CopyKey words={linksAsLines(links, delegations)} label={text('house.copy_all')} />
                    </div>
                </Dialog>
            )}
        </div>
    );
}
