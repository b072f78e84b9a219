// Many people at once: lines are pasted, looked at, and only when none is wrong is anybody added. Where the server stops in the middle, the
// lines that are left stay in the field.

import { useId, useState } from 'preact/hooks';
import type { Capacity, Delegation, Language, Plan } from '../contract/generated.ts';
import { CAPACITY_VALUES } from '../contract/generated.ts';
import { Icon } from '../elements/Icon.tsx';
import { gap, languageName, localized, OWN_NAMES, PAGE_LANGUAGES, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { addPerson, everybody } from './api.ts';
import { inTurn, wait } from './in_turn.ts';
import { keepLink } from './links.ts';
import { FormDialog, StateMark } from './Parts.tsx';
import styles from './PasteDialog.css?inline';
import { capacityWords } from './People.tsx';
import { fold, type Known, keyOf, LINES_MAX, type Line, readPasted } from './pasted.ts';

adopt(styles);

// Of those that are good so many are enough to see that the columns are the right ones.
const SHOWN_MAX = 12;

interface PasteDialogProps {
    plan: Plan;
    delegations: readonly Delegation[];
    changed: () => Promise<void>;
    onClose: () => void;
}

// In the reader's language, or as the contract has them.
function knownFrom(delegations: readonly Delegation[], people: ReadonlySet<string>): Known {
    const capacities = new Map<string, Capacity>();
    for (const one of CAPACITY_VALUES) {
        capacities.set(one, one);
        capacities.set(fold(text(`capacity.${one}`)), one);
    }
    const languages = new Map<string, Language>();
    for (const one of PAGE_LANGUAGES) {
        for (const name of [one, languageName(one), OWN_NAMES[one]]) {
            languages.set(fold(name), one);
        }
    }
    const headings = ['name', 'capacity', 'delegation', 'address'] as const;
    return {
        capacities,
        languages,
        delegations,
        people,
        headings: new Set(headings.flatMap((one) => [one, fold(text(`house.field_${one}`))])),
    };
}

export function PasteDialog({ plan, delegations, changed, onClose }: PasteDialogProps) {
    const id = useId();
    const [pasted, setPasted] = useState('');
    const [lines, setLines] = useState<readonly Line[] | null>(null);
    const [done, setDone] = useState(0);
    const count = pasted.split('\n').filter((one) => one.trim() !== '').length;
    const bad = lines?.filter((one) => one.wish === null) ?? [];
    const good = lines?.filter((one) => one.wish !== null) ?? [];
    const ready = lines !== null && bad.length === 0 && good.length > 0;
    const check = async () => {
        const there = new Set((await everybody(plan.id)).map((one) => keyOf(one.name, one.capacity)));
        setLines(readPasted(pasted, knownFrom(delegations, there)));
    };
    const add = async () => {
        const { done: added, problem } = await inTurn(
            good,
            async ({ wish }) => {
                if (wish !== null) {
                    keepLink(plan.id, await addPerson(plan.id, wish));
                }
            },
            { pause: wait, told: setDone },
        );
        await changed();
        if (problem !== null) {
            setPasted(
                good
                    .slice(added)
                    .map((one) => one.text)
                    .join('\n'),
            );
            setLines(good.slice(added));
            throw problem;
        }
    };
    return (
        <FormDialog
            title={text('house.paste')}
            submit={ready ? text('house.add_lines', { count: good.length }) : text('house.check_lines')}
            dirty={pasted.trim() !== ''}
            unable={
                count === 0
                    ? text('house.fault_no_lines')
                    : count > LINES_MAX
                      ? text('house.fault_many_lines', { most: LINES_MAX })
                      : ''
            }
            wide
            // The first press looks, and keeps the form open; the next one adds.
            onSave={async () => {
                setDone(0);
                await (ready ? add() : check());
            }}
            stays={!ready}
            onClose={onClose}
        >
            <p id={`${id}-hint`}>{text('house.paste_hint')}</p>
            <pre class="paste-example" dir="auto">
                {text('house.paste_example')}
            </pre>
            <textarea
                class="input paste-lines"
                dir="auto"
                rows={8}
                aria-label={text('house.paste')}
                aria-describedby={`${id}-hint`}
                value={pasted}
                onInput={(event) => {
                    setPasted(event.currentTarget.value);
                    setLines(null);
                }}
            />
            <div role="status">
                {done > 0 && <p>{text('house.added', { done })}</p>}
                {lines !== null && (
                    <p>
                        <StateMark
                            tone={bad.length === 0 ? 'good' : 'warn'}
                            words={
                                bad.length === 0
                                    ? text('house.lines_good', { count: good.length })
                                    : text('house.lines_bad', { count: bad.length })
                            }
                        />
                    </p>
                )}
            </div>
            {bad.length > 0 && (
                <ol class="paste-faults">
                    {bad.map((line) => (
                        <li key={line.number}>
                            <Icon name="warning" size={18} />
                            <span>
                                <strong>{text('house.line', { number: line.number })}</strong>
                                {gap()}
                                <bdi>{line.text}</bdi>
                                <br />
                                {line.faults.map((fault) => text(`house.fault_${fault}`)).join(' ')}
                            </span>
                        </li>
                    ))}
                </ol>
            )}
            {ready && (
                <ul class="paste-good">
                    {good.slice(0, SHOWN_MAX).map(({ number, wish }) => (
                        <li key={number}>
                            <bdi>{wish?.name}</bdi>
                            <span class="muted">
                                {wish !== null && capacityWords({ language: 'none', ...wish })}
                            </span>
                            <span class="muted">{delegationWords(wish?.delegation, delegations)}</span>
                            <bdi class="muted" dir="ltr">
                                {wish?.address}
                            </bdi>
                        </li>
                    ))}
                </ul>
            )}
        </FormDialog>
    );
}

function delegationWords(id: string | undefined, all: readonly Delegation[]): string {
    const found = all.find((one) => one.id === id);
    return found === undefined ? '' : localized(found.name);
}
