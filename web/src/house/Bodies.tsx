// The bodies of the house: councils, their committees and working groups, each below the one that it belongs to.

import { useEffect, useState } from 'preact/hooks';
import { houseTitle } from '../areas/house_title.ts';
import type { Body, BodyWish } from '../contract/generated.ts';
import { Question } from '../elements/Dialog.tsx';
import { localized, localizedLanguage, pageLanguage, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import { addBody, changeBody, listBodies, removeBody } from './api.ts';
import styles from './Bodies.css?inline';
import { LocalizedField } from './LocalizedField.tsx';
import { useLoaded } from './loaded.ts';
import {
    AddKey,
    ChoiceField,
    Coming,
    FormDialog,
    IconKey,
    PageHead,
    SavingLine,
    TextField,
} from './Parts.tsx';
import { assertUnchanged, useSaving } from './saving.ts';
import { filled, givenOf, isEmpty, type Six } from './six.ts';
import { belowOf, treeOf } from './tree.ts';

adopt(styles);

type Asked = { what: 'add'; parent: string } | { what: 'change' | 'remove'; body: Body } | null;

export function Bodies() {
    const list = useLoaded(listBodies, 'bodies');
    const [asked, setAsked] = useState<Asked>(null);
    const saving = useSaving();
    const all = list.value?.bodies ?? [];
    useEffect(() => {
        houseTitle.value = text('house.bodies');
    });
    const close = () => setAsked(null);
    return (
        <>
            <PageHead title={text('house.bodies')}>
                <AddKey
                    words={text('house.add_body')}
                    onPress={() => setAsked({ what: 'add', parent: '' })}
                />
            </PageHead>
            <p class="muted">{text('house.bodies_hint')}</p>
            <SavingLine saving={saving} />
            <Coming {...list} />
            {list.value !== null && all.length === 0 && <p role="status">{text('house.no_bodies')}</p>}
            <ul class="bodies-list">
                {treeOf(all).map(({ body, depth }) => (
                    <li key={body.id} class={`bodies-line bodies-depth-${Math.min(depth, 3)}`}>
                        <bdi class="item-number">{body.code}</bdi>
                        <span class="bodies-name">
                            <bdi lang={localizedLanguage(body.name)}>{localized(body.name)}</bdi>
                            <span class="small muted">
                                {text('house.count_meetings', { count: body.meetings ?? 0 })}
                            </span>
                        </span>
                        <span class="bodies-keys">
                            <IconKey
                                icon="plus"
                                label={text('house.add_below', { name: localized(body.name) })}
                                onPress={() => setAsked({ what: 'add', parent: body.id })}
                            />
                            <IconKey
                                icon="edit"
                                label={text('house.change_of', { name: localized(body.name) })}
                                onPress={() => setAsked({ what: 'change', body })}
                            />
                            <IconKey
                                icon="bin"
                                label={text('house.remove_of', { name: localized(body.name) })}
                                onPress={() => setAsked({ what: 'remove', body })}
                            />
                        </span>
                    </li>
                ))}
            </ul>
            {asked?.what === 'add' && (
                <BodyDialog all={all} parent={asked.parent} changed={list.again} onClose={close} />
            )}
            {asked?.what === 'change' && (
                <BodyDialog all={all} body={asked.body} changed={list.again} onClose={close} />
            )}
            {asked?.what === 'remove' && (
                <Question
                    title={text('house.remove_body')}
                    detail={text('house.remove_body_detail', { name: localized(asked.body.name) })}
                    confirm={text('house.remove_body')}
                    onConfirm={() =>
                        void saving.run(async () => {
                            try {
                                await removeBody(asked.body.id);
                            } finally {
                                await list.again();
                            }
                        })
                    }
                    onClose={close}
                />
            )}
        </>
    );
}

interface BodyDialogProps {
    all: readonly Body[];
    body?: Body;
    /** Of one that is added. */
    parent?: string;
    changed: () => Promise<void>;
    onClose: () => void;
}

function wishFrom({ code, name, parent }: Body): BodyWish {
    return { code, name, ...(parent === undefined ? {} : { parent }) };
}

function BodyDialog({ all, body, parent: below = '', changed, onClose }: BodyDialogProps) {
    const [code, setCode] = useState(body?.code ?? '');
    const [name, setName] = useState<Six>(() =>
        body === undefined ? {} : givenOf(body.name, pageLanguage.value),
    );
    const [parent, setParent] = useState(body?.parent ?? below);
    const wish: BodyWish = {
        code: code.trim(),
        name: filled(name),
        ...(parent === '' ? {} : { parent }),
    };
    const before = body === undefined ? undefined : wishFrom(body);
    const inside = body === undefined ? new Set<string>() : belowOf(all, body.id);
    return (
        <FormDialog
            title={text(body === undefined ? 'house.add_body' : 'house.change_body')}
            submit={text(body === undefined ? 'house.add' : 'house.save')}
            dirty={
                before === undefined
                    ? code !== '' || !isEmpty(name)
                    : JSON.stringify(before) !== JSON.stringify(wish)
            }
            unable={code.trim() === '' || isEmpty(name) ? text('house.fault_names') : ''}
            onSave={async (force) => {
                if (body === undefined) {
                    await addBody(wish);
                } else {
                    const now = (await listBodies()).bodies.find((one) => one.id === body.id);
                    if (!force && now !== undefined) {
                        assertUnchanged(before, wishFrom(now));
                    }
                    await changeBody(body.id, wish);
                }
                await changed();
            }}
            onClose={onClose}
        >
            <TextField
                label={text('house.field_code')}
                value={code}
                most={31}
                required
                hint={text('house.body_code_hint')}
                onInput={setCode}
            />
            <LocalizedField label={text('house.field_name')} value={name} most={120} onInput={setName} />
            <ChoiceField
                label={text('house.field_parent')}
                value={parent}
                options={[
                    { value: '', words: text('house.no_parent') },
                    ...treeOf(all)
                        .filter((one) => !inside.has(one.body.id))
                        .map((one) => ({
                            value: one.body.id,
                            words: `${one.body.code} · ${localized(one.body.name)}`,
                        })),
                ]}
                onChange={setParent}
            />
        </FormDialog>
    );
}
