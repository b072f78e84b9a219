// One who takes part: added, with their link at once, or changed. In what capacity one comes is for good.

import { useState } from 'preact/hooks';
import {
    CAPACITY_VALUES,
    type Capacity,
    can,
    type Delegation,
    type Language,
    type Person,
    type PersonWish,
    type Plan,
} from '../contract/generated.ts';
import { countCharacters } from '../elements/characters.ts';
import { languageName, localized, PAGE_LANGUAGES, text } from '../i18n/index.ts';
import { addPerson, changePerson } from './api.ts';
import { LinkDialog } from './LinkDialog.tsx';
import { keepLink } from './links.ts';
import { ChoiceField, FormDialog, TextField } from './Parts.tsx';
import { isAddress } from './pasted.ts';
import { assertUnchanged } from './saving.ts';

interface PersonDialogProps {
    plan: Plan;
    delegations: readonly Delegation[];
    /** Who is changed; nobody when one is added. */
    person?: Person;
    /** As the server has them now. */
    fresh?: () => Promise<Person | undefined>;
    changed: () => Promise<void>;
    onClose: () => void;
}

/** Every key of it, so that what is left empty is empty. */
function wishFrom(person: PersonWish): PersonWish {
    const { name, capacity, delegation = '', language = 'none', title = '', office = '' } = person;
    const given = {
        delegation,
        title: title.trim(),
        office,
        address: (person.address ?? '').trim(),
        account: (person.account ?? '').trim(),
    };
    return {
        name: name.trim(),
        capacity,
        ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
        ...(language === 'none' ? {} : { language }),
    };
}

const USUAL: Capacity = 'delegate';
const EMPTY: PersonWish = { name: '', capacity: USUAL };

/** Who may come for a delegation. */
function fromDelegation({ capacity }: PersonWish): boolean {
    return !can(capacity, 'has_desk', 'runs_console');
}

export function PersonDialog({ plan, delegations, person, fresh, changed, onClose }: PersonDialogProps) {
    const start = wishFrom(person ?? EMPTY);
    const [wish, setWish] = useState<PersonWish>(start);
    const [made, setMade] = useState<Person | null>(null);
    const change = (part: Partial<PersonWish>) => setWish((before) => ({ ...before, ...part }));
    const dirty = JSON.stringify(wishFrom(wish)) !== JSON.stringify(start);
    const save = async (force: boolean) => {
        if (person === undefined) {
            const added = await addPerson(plan.id, wishFrom(wish));
            keepLink(plan.id, added);
            await changed();
            // With an account there is no link to show.
            added.token === undefined ? onClose() : setMade(added);
            return;
        }
        const now = force ? undefined : await fresh?.();
        assertUnchanged(start, now === undefined ? undefined : wishFrom(now));
        await changePerson(plan.id, person.id, wishFrom(wish));
        await changed();
    };
    if (made !== null) {
        return <LinkDialog plan={plan} person={made} changed={changed} onClose={onClose} />;
    }
    return (
        <FormDialog
            title={text(person === undefined ? 'house.add_person' : 'house.change_person')}
            submit={text(person === undefined ? 'house.add' : 'house.save')}
            dirty={dirty}
            unable={faultIn(wish)}
            onSave={save}
            stays={person === undefined}
            onClose={onClose}
        >
            <TextField
                label={text('house.field_name')}
                value={wish.name}
                most={120}
                required
                onInput={(name) => change({ name })}
            />
            <CapacityFields wish={wish} change={change} fixed={person !== undefined} />
            {fromDelegation(wish) && delegations.length > 0 && (
                <ChoiceField
                    label={text('house.field_delegation')}
                    value={wish.delegation ?? ''}
                    options={[
                        { value: '', words: text('house.no_delegation') },
                        ...delegations.map((one) => ({
                            value: one.id,
                            words: `${one.code} · ${localized(one.name)}`,
                        })),
                    ]}
                    onChange={(delegation) => change({ delegation })}
                />
            )}
            <TextField
                label={text('house.field_function')}
                value={wish.title ?? ''}
                most={120}
                hint={text('house.function_hint')}
                onInput={(title) => change({ title })}
            />
            <TextField
                label={text('house.field_address')}
                value={wish.address ?? ''}
                most={254}
                type="email"
                ltr
                onInput={(address) => change({ address })}
            />
            <TextField
                label={text('house.field_account')}
                value={wish.account ?? ''}
                most={63}
                ltr
                hint={text('house.account_hint')}
                onInput={(account) => change({ account })}
            />
        </FormDialog>
    );
}

function faultIn(wish: PersonWish): string {
    const address = (wish.address ?? '').trim();
    if (wish.name.trim() === '') {
        return text('house.fault_no_name');
    }
    if (countCharacters(wish.name) > 120) {
        return text('house.fault_long_name');
    }
    if (can(wish.capacity, 'has_desk') && (wish.language ?? 'none') === 'none') {
        return text('house.fault_language');
    }
    return address !== '' && !isAddress(address) ? text('house.fault_address') : '';
}

interface CapacityProps {
    wish: PersonWish;
    change: (part: Partial<PersonWish>) => void;
    fixed: boolean;
}

function CapacityFields({ wish, change, fixed }: CapacityProps) {
    const interprets = can(wish.capacity, 'has_desk');
    const tongues: { value: Language; words: string }[] = PAGE_LANGUAGES.map((value) => ({
        value,
        words: languageName(value),
    }));
    return (
        <>
            {fixed ? (
                <p class="muted">
                    {text('house.capacity_stays', { capacity: text(`capacity.${wish.capacity}`) })}
                </p>
            ) : (
                <ChoiceField
                    label={text('house.field_capacity')}
                    value={wish.capacity}
                    options={CAPACITY_VALUES.map((value) => ({ value, words: text(`capacity.${value}`) }))}
                    onChange={(capacity) => change({ capacity, delegation: '', language: 'none' })}
                />
            )}
            {!(fixed && interprets) && (
                <ChoiceField<Language>
                    label={text(interprets ? 'team.booth' : 'house.field_language')}
                    value={wish.language ?? 'none'}
                    options={[
                        {
                            value: 'none',
                            words: text(interprets ? 'house.choose_booth' : 'house.any_language'),
                        },
                        ...tongues,
                    ]}
                    onChange={(language) => change({ language })}
                />
            )}
        </>
    );
}
