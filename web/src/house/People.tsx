// Who takes part: a list of pages of 64 with search; each line has what one does with a person and their link.

import { useEffect, useState } from 'preact/hooks';
import { can, type Delegation, type LinkState, type Person } from '../contract/generated.ts';
import { Question } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { languageName, localized, type MessageKey, text } from '../i18n/index.ts';
import { serverNow } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { listDelegations, listPeople, removePerson, revokeLink } from './api.ts';
import { whenWords } from './days.ts';
import { LinkDialog } from './LinkDialog.tsx';
import { dropLink, linksOf } from './links.ts';
import { useLoaded } from './loaded.ts';
import { MadeLinks } from './MadeLinks.tsx';
import type { MeetingProps } from './MeetingPages.tsx';
import {
    AddKey,
    Coming,
    IconKey,
    type MarkTone,
    Pager,
    SavingLine,
    SearchField,
    StateMark,
    type Trail,
} from './Parts.tsx';
import { PasteDialog } from './PasteDialog.tsx';
import styles from './People.css?inline';
import { PersonDialog } from './PersonDialog.tsx';
import { useSaving } from './saving.ts';
import { TableDialog } from './TableDialog.tsx';

adopt(styles);

const PAGE = 64;

type Asked =
    | { what: 'add' | 'paste' | 'table' }
    | { what: 'change' | 'link' | 'remove' | 'revoke'; person: Person }
    | null;

export function People({ plan, again }: MeetingProps) {
    const [q, setQ] = useState('');
    const [trail, setTrail] = useState<Trail>([]);
    const [asked, setAsked] = useState<Asked>(null);
    const saving = useSaving();
    const after = trail.at(-1) ?? '';
    const list = useLoaded(() => listPeople(plan.id, q, after), `${plan.id}/${q}/${after}`);
    const delegations = useLoaded(() => listDelegations(plan.id), plan.id);
    const all = delegations.value?.delegations ?? [];
    const people = list.value?.people ?? [];
    // The last one of a page was removed: the page before is shown.
    const empty = list.value !== null && people.length === 0 && trail.length > 0;
    useEffect(() => {
        if (empty) {
            setTrail(trail.slice(0, -1));
        }
    }, [empty]);
    const changed = async () => {
        await Promise.all([list.again(), again()]);
    };
    const close = () => setAsked(null);
    const act = (what: () => Promise<unknown>) =>
        void saving.run(async () => {
            try {
                await what();
            } finally {
                await changed();
            }
        });
    return (
        <section class="people-page" aria-label={text('house.people')}>
            <div class="people-tools">
                <SearchField
                    label={text('house.search_people')}
                    onSearch={(words) => {
                        setTrail([]);
                        setQ(words);
                    }}
                />
                <div class="people-keys">
                    <button
                        type="button"
                        class="button"
                        aria-haspopup="dialog"
                        onClick={() => setAsked({ what: 'table' })}
                    >
                        <Icon name="window" />
                        <span>{text('house.table')}</span>
                    </button>
                    <button
                        type="button"
                        class="button"
                        aria-haspopup="dialog"
                        onClick={() => setAsked({ what: 'paste' })}
                    >
                        <Icon name="copy" />
                        <span>{text('house.paste')}</span>
                    </button>
                    <AddKey words={text('house.add_person')} onPress={() => setAsked({ what: 'add' })} />
                </div>
            </div>
            <MadeLinks plan={plan} delegations={all} changed={changed} />
            <SavingLine saving={saving} />
            <Coming {...list} />
            {list.value !== null && people.length === 0 && (
                <p class="muted" role="status">
                    {text(q === '' ? 'house.no_people' : 'house.none_found')}
                </p>
            )}
            <ul class="people-list">
                {people.map((person) => (
                    <li key={person.id} class="people-line">
                        <Who person={person} all={all} />
                        <LinkMark meeting={plan.id} person={person} />
                        <LineKeys meeting={plan.id} person={person} onAsk={setAsked} />
                    </li>
                ))}
            </ul>
            <Pager
                trail={trail}
                next={list.value?.next}
                onGo={setTrail}
                words={text('house.shown_of', {
                    from: trail.length * PAGE + 1,
                    to: trail.length * PAGE + people.length,
                    total: list.value?.total ?? people.length,
                })}
            />
            {asked?.what === 'add' && (
                <PersonDialog plan={plan} delegations={all} changed={changed} onClose={close} />
            )}
            {asked?.what === 'change' && (
                <PersonDialog
                    plan={plan}
                    delegations={all}
                    person={asked.person}
                    changed={changed}
                    onClose={close}
                    // Before it is replaced it is looked at again.
                    fresh={async () =>
                        (await listPeople(plan.id, q, after)).people.find((one) => one.id === asked.person.id)
                    }
                />
            )}
            {asked?.what === 'paste' && (
                <PasteDialog plan={plan} delegations={all} changed={changed} onClose={close} />
            )}
            {asked?.what === 'table' && (
                <TableDialog plan={plan} table="people" changed={changed} onClose={close} />
            )}
            {asked?.what === 'link' && (
                <LinkDialog plan={plan} person={asked.person} changed={changed} onClose={close} />
            )}
            {asked?.what === 'remove' && (
                <Question
                    title={text('house.remove_person')}
                    detail={text('house.remove_person_detail', { name: asked.person.name })}
                    confirm={text('house.remove_person')}
                    onConfirm={() =>
                        act(async () => {
                            await removePerson(plan.id, asked.person.id);
                            dropLink(plan.id, asked.person.id);
                        })
                    }
                    onClose={close}
                />
            )}
            {asked?.what === 'revoke' && (
                <Question
                    title={text('house.revoke_link')}
                    detail={text('house.revoke_link_detail', { name: asked.person.name })}
                    confirm={text('house.revoke_link')}
                    onConfirm={() =>
                        act(async () => {
                            await revokeLink(plan.id, asked.person.id);
                            dropLink(plan.id, asked.person.id);
                        })
                    }
                    onClose={close}
                />
            )}
        </section>
    );
}

/** "Interpreter · French booth", "Delegate". */
export function capacityWords({ capacity, language }: Pick<Person, 'capacity' | 'language'>): string {
    return can(capacity, 'has_desk') && language !== 'none'
        ? text('capacity.interpreter_booth', { language: languageName(language) })
        : text(`capacity.${capacity}`);
}

function Who({ person, all }: { person: Person; all: readonly Delegation[] }) {
    const delegation = all.find((one) => one.id === person.delegation);
    return (
        <>
            <div class="people-who">
                <bdi class="people-name">{person.name}</bdi>
                {person.title !== undefined && <bdi class="small muted">{person.title}</bdi>}
                {(person.address ?? person.account) !== undefined && (
                    <bdi class="small muted" dir="ltr">
                        {person.account ?? person.address}
                    </bdi>
                )}
            </div>
            <div class="people-as">
                <span>{capacityWords(person)}</span>
                {delegation !== undefined && (
                    <span class="small muted">
                        <bdi>{delegation.code}</bdi> · {localized(delegation.name)}
                    </span>
                )}
            </div>
        </>
    );
}

const LINK_TONES: Readonly<Record<LinkState, MarkTone>> = {
    none: 'warn',
    good: 'good',
    used: 'good',
    expired: 'warn',
    revoked: 'warn',
};

function LinkMark({ meeting, person }: { meeting: string; person: Person }) {
    if (person.account !== undefined) {
        return <StateMark tone="good" words={text('house.by_account')} />;
    }
    const until = person.link_expires_at ?? 0;
    const key: MessageKey = linksOf(meeting).has(person.id) ? 'house.link_made' : `house.link_${person.link}`;
    const good = LINK_TONES[person.link] === 'good' && until > serverNow();
    return (
        <span class="people-link">
            <StateMark tone={LINK_TONES[person.link]} words={text(key)} />
            {good && <span class="small muted">{text('house.link_until', { day: whenWords(until) })}</span>}
        </span>
    );
}

interface LineKeysProps {
    meeting: string;
    person: Person;
    onAsk: (asked: Asked) => void;
}

function LineKeys({ meeting, person, onAsk }: LineKeysProps) {
    const { name } = person;
    const open = person.link === 'good' || person.link === 'used' || linksOf(meeting).has(person.id);
    return (
        <div class="people-line-keys">
            <IconKey
                icon="link"
                label={text('house.link_of', { name })}
                onPress={() => onAsk({ what: 'link', person })}
            />
            <IconKey
                icon="unlink"
                label={text('house.revoke_of', { name })}
                disabled={!open}
                onPress={() => onAsk({ what: 'revoke', person })}
            />
            <IconKey
                icon="edit"
                label={text('house.change_of', { name })}
                onPress={() => onAsk({ what: 'change', person })}
            />
            <IconKey
                icon="bin"
                label={text('house.remove_of', { name })}
                onPress={() => onAsk({ what: 'remove', person })}
            />
        </div>
    );
}
