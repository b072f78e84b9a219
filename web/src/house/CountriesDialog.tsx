// Delegations by their codes: countries bring their names in six languages, which are corrected here; what is no country is given a name.

import { useState } from 'preact/hooks';
import type { Delegation, DelegationKind, Plan } from '../contract/generated.ts';
import { localized, pageLanguage, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { addDelegation } from './api.ts';
import styles from './CountriesDialog.css?inline';
import { byFrenchName, codesIn, countryNames, idOf, kindOf, MEMBER_CODES } from './countries.ts';
import { kindOptions } from './Delegations.tsx';
import { inTurn, wait } from './in_turn.ts';
import { LocalizedField } from './LocalizedField.tsx';
import { ChoiceField, FormDialog, StateMark } from './Parts.tsx';
import { filled, givenOf, isEmpty, type Six } from './six.ts';

adopt(styles);

const CODE_MOST = 15;
// As many as a meeting has delegations.
const CODES_MAX = 1000;

interface CountriesDialogProps {
    plan: Plan;
    /** Those that are in the meeting. */
    there: readonly Delegation[];
    changed: () => Promise<void>;
    onClose: () => void;
}

/** One that is to be added. */
interface Draft {
    code: string;
    kind: DelegationKind;
    name: Six;
}

function draftOf(code: string): Draft {
    const names = countryNames(code);
    return { code, kind: kindOf(code), name: names === null ? {} : givenOf(names, pageLanguage.value) };
}

function delegationOf({ code, kind, name }: Draft): Delegation {
    return { id: idOf(code), code, kind, name: filled(name) };
}

/** Why codes cannot be taken. */
function faultIn(codes: readonly string[], there: readonly Delegation[]): string {
    if (codes.length === 0 || codes.length > CODES_MAX) {
        return text(codes.length === 0 ? 'house.fault_no_codes' : 'house.fault_many_codes', {
            most: CODES_MAX,
        });
    }
    const wrong = codes.filter((one) => one.length > CODE_MOST || idOf(one).replaceAll('-', '') === '');
    if (wrong.length > 0) {
        return text('house.fault_codes', { codes: wrong.join(', ') });
    }
    return codes.every((one) => there.some(({ code }) => code.toUpperCase() === one))
        ? text('house.fault_all_there')
        : '';
}

export function CountriesDialog({ plan, there, changed, onClose }: CountriesDialogProps) {
    const [codes, setCodes] = useState('');
    const [drafts, setDrafts] = useState<readonly Draft[] | null>(null);
    const [done, setDone] = useState(0);
    const taken = new Set(there.map((one) => one.code.toUpperCase()));
    const wanted = codesIn(codes);
    const nameless = drafts?.filter((one) => isEmpty(one.name)) ?? [];
    const add = async () => {
        const sorted = [...(drafts ?? [])].sort((one, other) =>
            byFrenchName(delegationOf(one), delegationOf(other)),
        );
        const { done: added, problem } = await inTurn(
            sorted,
            (draft) => addDelegation(plan.id, delegationOf(draft)),
            { pause: wait, told: setDone },
        );
        await changed();
        if (problem !== null) {
            setDrafts(sorted.slice(added));
            throw problem;
        }
    };
    const look = () =>
        setDrafts(
            wanted
                .filter((one) => !taken.has(one))
                .map(draftOf)
                // What needs a name by hand comes first.
                .sort((one, other) => Number(isEmpty(other.name)) - Number(isEmpty(one.name))),
        );
    const unable =
        drafts === null
            ? faultIn(wanted, there)
            : nameless.length > 0
              ? text('house.fault_nameless', { codes: nameless.map((one) => one.code).join(', ') })
              : '';
    return (
        <FormDialog
            title={text('house.add_delegations')}
            submit={
                drafts === null
                    ? text('house.look_codes')
                    : text('house.add_count_delegations', { count: drafts.length })
            }
            dirty={codes.trim() !== ''}
            unable={unable}
            wide
            stays={drafts === null}
            onSave={async () => {
                setDone(0);
                await (drafts === null ? look() : add());
            }}
            onClose={onClose}
        >
            {drafts === null ? (
                <>
                    <p>{text('house.codes_hint')}</p>
                    <textarea
                        class="input countries-codes"
                        dir="ltr"
                        rows={5}
                        spellcheck={false}
                        aria-label={text('house.codes')}
                        value={codes}
                        onInput={(event) => setCodes(event.currentTarget.value)}
                    />
                    <p>
                        <button type="button" class="button" onClick={() => setCodes(MEMBER_CODES.join(' '))}>
                            {text('house.all_members', { count: MEMBER_CODES.length })}
                        </button>
                    </p>
                </>
            ) : (
                <>
                    <p role="status">
                        {done > 0 ? (
                            text('house.added', { done })
                        ) : (
                            <StateMark
                                tone={nameless.length > 0 ? 'warn' : 'good'}
                                words={text('house.names_hint')}
                            />
                        )}
                    </p>
                    <ul class="countries-drafts">
                        {drafts.map((draft, at) => (
                            <li key={draft.code}>
                                <DraftLine
                                    draft={draft}
                                    change={(part) =>
                                        setDrafts(
                                            drafts.map((one, index) =>
                                                index === at ? { ...one, ...part } : one,
                                            ),
                                        )
                                    }
                                />
                            </li>
                        ))}
                    </ul>
                </>
            )}
        </FormDialog>
    );
}

interface DraftLineProps {
    draft: Draft;
    change: (part: Partial<Draft>) => void;
}

// Folded while there is nothing to do: two hundred countries bring twelve hundred names.
function DraftLine({ draft, change }: DraftLineProps) {
    const [open, setOpen] = useState(() => isEmpty(draft.name));
    return (
        <details class="countries-draft" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>
                <bdi class="item-number">{draft.code}</bdi>
                <bdi>{isEmpty(draft.name) ? text('house.no_name_yet') : localized(filled(draft.name))}</bdi>
                <span class="small muted">{text(`house.kind_${draft.kind}`)}</span>
            </summary>
            {open && (
                <div class="countries-fields">
                    <ChoiceField
                        label={text('house.field_kind')}
                        value={draft.kind}
                        options={kindOptions()}
                        onChange={(kind) => change({ kind })}
                    />
                    <LocalizedField
                        label={text('house.field_name')}
                        value={draft.name}
                        most={120}
                        onInput={(name) => change({ name })}
                        open
                    />
                </div>
            )}
        </details>
    );
}
