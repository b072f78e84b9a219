// The delegations of a meeting, by their French names, as plates stand in a room.

import { useState } from 'preact/hooks';
import type { Delegation, DelegationKind } from '../contract/generated.ts';
import { DELEGATION_KIND_VALUES } from '../contract/generated.ts';
import { Question } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { localized, localizedLanguage, pageLanguage, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { changeDelegation, listDelegations, removeDelegation } from './api.ts';
import { CountriesDialog } from './CountriesDialog.tsx';
import { byFrenchName } from './countries.ts';
import styles from './Delegations.css?inline';
import { LocalizedField } from './LocalizedField.tsx';
import { useLoaded } from './loaded.ts';
import type { MeetingProps } from './MeetingPages.tsx';
import {
    AddKey,
    ChoiceField,
    Coming,
    FormDialog,
    IconKey,
    Pager,
    SavingLine,
    SearchField,
    TextField,
    type Trail,
} from './Parts.tsx';
import { fold } from './pasted.ts';
import { assertUnchanged, useSaving } from './saving.ts';
import { filled, givenOf, isEmpty, type Six } from './six.ts';
import { TableDialog } from './TableDialog.tsx';

adopt(styles);

// So many lines a page shows at once.
const PAGE = 64;

type Asked = { what: 'add' | 'table' } | { what: 'change' | 'remove'; delegation: Delegation } | null;

export function kindOptions() {
    return DELEGATION_KIND_VALUES.map((value) => ({ value, words: text(`house.kind_${value}`) }));
}

export function Delegations({ plan, again }: MeetingProps) {
    const [q, setQ] = useState('');
    const [trail, setTrail] = useState<Trail>([]);
    const [asked, setAsked] = useState<Asked>(null);
    const saving = useSaving();
    const list = useLoaded(() => listDelegations(plan.id), plan.id);
    const all = [...(list.value?.delegations ?? [])].sort(byFrenchName);
    const found = all.filter((one) =>
        [one.code, ...Object.values(one.name)].some((words) => fold(words).includes(fold(q))),
    );
    const from = Math.min(trail.length, Math.max(0, Math.ceil(found.length / PAGE) - 1)) * PAGE;
    const shown = found.slice(from, from + PAGE);
    const changed = async () => {
        await Promise.all([list.again(), again()]);
    };
    const close = () => setAsked(null);
    return (
        <section class="delegations" aria-label={text('house.delegations')}>
            <div class="delegations-tools">
                <SearchField
                    label={text('house.search_delegations')}
                    onSearch={(words) => {
                        setTrail([]);
                        setQ(words);
                    }}
                />
                <div class="delegations-add">
                    <button
                        type="button"
                        class="button"
                        aria-haspopup="dialog"
                        onClick={() => setAsked({ what: 'table' })}
                    >
                        <Icon name="window" />
                        <span>{text('house.table')}</span>
                    </button>
                    <AddKey words={text('house.add_delegations')} onPress={() => setAsked({ what: 'add' })} />
                </div>
            </div>
            <SavingLine saving={saving} />
            <Coming {...list} />
            {list.value !== null && found.length === 0 && (
                <p class="muted" role="status">
                    {text(q === '' ? 'house.no_delegations' : 'house.none_found')}
                </p>
            )}
            <ul class="delegations-list">
                {shown.map((one) => (
                    <li key={one.id} class="delegations-line">
                        <bdi class="item-number">{one.code}</bdi>
                        <span class="delegations-name">
                            <bdi lang={localizedLanguage(one.name)}>{localized(one.name)}</bdi>
                            <span class="small muted" lang="fr">
                                {pageLanguage.value === 'fr' ? '' : one.name.fr}
                            </span>
                        </span>
                        <span class="muted delegations-kind">{text(`house.kind_${one.kind}`)}</span>
                        <span class="delegations-keys">
                            <IconKey
                                icon="edit"
                                label={text('house.change_of', { name: localized(one.name) })}
                                onPress={() => setAsked({ what: 'change', delegation: one })}
                            />
                            <IconKey
                                icon="bin"
                                label={text('house.remove_of', { name: localized(one.name) })}
                                onPress={() => setAsked({ what: 'remove', delegation: one })}
                            />
                        </span>
                    </li>
                ))}
            </ul>
            <Pager
                trail={trail}
                next={from + PAGE < found.length ? String(from + PAGE) : undefined}
                onGo={setTrail}
                words={text('house.shown_of', {
                    from: from + 1,
                    to: from + shown.length,
                    total: found.length,
                })}
            />
            {asked?.what === 'add' && (
                <CountriesDialog plan={plan} there={all} changed={changed} onClose={close} />
            )}
            {asked?.what === 'table' && (
                <TableDialog plan={plan} table="delegations" changed={changed} onClose={close} />
            )}
            {asked?.what === 'change' && (
                <ChangeDialog
                    delegation={asked.delegation}
                    meeting={plan.id}
                    changed={changed}
                    onClose={close}
                />
            )}
            {asked?.what === 'remove' && (
                <Question
                    title={text('house.remove_delegation')}
                    detail={text('house.remove_delegation_detail', {
                        name: localized(asked.delegation.name),
                    })}
                    confirm={text('house.remove_delegation')}
                    onConfirm={() =>
                        void saving.run(async () => {
                            try {
                                await removeDelegation(plan.id, asked.delegation.id);
                            } finally {
                                await changed();
                            }
                        })
                    }
                    onClose={close}
                />
            )}
        </section>
    );
}

interface ChangeDialogProps {
    delegation: Delegation;
    meeting: string;
    changed: () => Promise<void>;
    onClose: () => void;
}

function ChangeDialog({ delegation, meeting, changed, onClose }: ChangeDialogProps) {
    const [code, setCode] = useState(delegation.code);
    const [kind, setKind] = useState<DelegationKind>(delegation.kind);
    const [name, setName] = useState<Six>(() => givenOf(delegation.name, pageLanguage.value));
    const wish: Delegation = { ...delegation, code: code.trim(), kind, name: filled(name) };
    return (
        <FormDialog
            title={text('house.change_delegation')}
            submit={text('house.save')}
            dirty={JSON.stringify(wish) !== JSON.stringify(delegation)}
            unable={code.trim() === '' || isEmpty(name) ? text('house.fault_names') : ''}
            onSave={async (force) => {
                const { delegations } = await listDelegations(meeting);
                if (!force) {
                    assertUnchanged(
                        delegation,
                        delegations.find((one) => one.id === delegation.id),
                    );
                }
                await changeDelegation(meeting, wish);
                await changed();
            }}
            onClose={onClose}
        >
            <TextField label={text('house.field_code')} value={code} most={15} required onInput={setCode} />
            <ChoiceField
                label={text('house.field_kind')}
                value={kind}
                options={kindOptions()}
                onChange={setKind}
            />
            <LocalizedField label={text('house.field_name')} value={name} most={120} onInput={setName} open />
        </FormDialog>
    );
}
