// The link of an account, which is shown once: to be given to its holder.

import type { HouseAccount } from '../../contract/generated.ts';
import { Dialog } from '../../elements/Dialog.tsx';
import { formatDate, text } from '../../i18n/index.ts';
import { base } from '../../router/base.ts';
import { ShownWords } from '../LinkDialog.tsx';
import { CopyKey } from '../Parts.tsx';

export function LinkDialog({ account, onClose }: { account: HouseAccount; onClose: () => void }) {
    const { name, token = '', link_expires_at: until = 0 } = account;
    const link = `${location.origin}${base}/begin#${token}`;
    return (
        <Dialog title={text('accounts.link_title', { name })} onClose={onClose}>
            <p>{text('accounts.link_lead', { name, account: account.account, date: formatDate(until) })}</p>
            <ShownWords label={text('accounts.link_words')} words={link} lines={2} />
            <div class="dialog-actions">
                <CopyKey words={link} label={text('house.copy_link')} />
            </div>
        </Dialog>
    );
}
