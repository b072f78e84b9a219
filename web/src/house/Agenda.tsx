// The agenda as it will be: items are added at its end, and moved by keys or by the pointer.

import { useRef, useState } from 'preact/hooks';
import type { AgendaItem, ItemPurpose, ItemWish } from '../contract/generated.ts';
import { ITEM_PURPOSE_VALUES } from '../contract/generated.ts';
import { Question } from '../elements/Dialog.tsx';
import { Icon } from '../elements/Icon.tsx';
import { useOrderedMotion } from '../elements/motion.ts';
import { localized, localizedLanguage, pageLanguage, text } from '../i18n/index.ts';
import { adopt } from '../styles/adopt.ts';
import styles from './Agenda.css?inline';
import { addItem, changeItem, listAgenda, moveItem, removeItem } from './api.ts';
import { LocalizedField } from './LocalizedField.tsx';
import { useLoaded } from './loaded.ts';
import type { MeetingProps } from './MeetingPages.tsx';
import { nextNumber, reordered } from './order.ts';
import { AddKey, ChoiceField, Coming, FormDialog, IconKey, SavingLine, TextField } from './Parts.tsx';
import { assertUnchanged, useSaving } from './saving.ts';
import { filled, givenOf, isEmpty, type Six } from './six.ts';
import { TableDialog } from './TableDialog.tsx';

adopt(styles);

type Asked = { what: 'add' | 'table' } | { what: 'change' | 'remove'; item: AgendaItem } | null;

export function Agenda({ plan, again }: MeetingProps) {
    const list = useLoaded(() => listAgenda(plan.id), plan.id);
    // While the server is asked it stands where it was put.
    const [wished, setWished] = useState<readonly AgendaItem[] | null>(null);
    const [asked, setAsked] = useState<Asked>(null);
    const [dragged, setDragged] = useState('');
    const [told, setTold] = useState('');
    const saving = useSaving();
    const items = wished ?? list.value?.items ?? [];
    const motion = useOrderedMotion<HTMLOListElement>(items.map((one) => one.id).join());
    const moving = useRef<Promise<unknown>>(Promise.resolve());
    const changed = async () => {
        await Promise.all([list.again(), again()]);
        setWished(null);
    };
    const move = (item: AgendaItem, to: number) => {
        const next = reordered(items, item.id, to);
        const at = next.findIndex((one) => one.id === item.id);
        const before = next[at + 1]?.id;
        setWished(next);
        setTold(text('house.moved', { name: localized(item.title), place: at + 1, most: next.length }));
        // One after the other: each is meant on top of the one before.
        moving.current = moving.current.then(() =>
            saving.run(async () => {
                try {
                    await moveItem(plan.id, item.id, before === undefined ? {} : { before });
                } finally {
                    await list.again();
                    setWished(null);
                }
            }),
        );
    };
    const close = () => setAsked(null);
    return (
        <section class="agenda-plan" aria-label={text('agenda.title')}>
            <div class="agenda-plan-tools">
                <p class="muted">{text('house.agenda_hint')}</p>
                <div class="agenda-plan-add">
                    <button
                        type="button"
                        class="button"
                        aria-haspopup="dialog"
                        onClick={() => setAsked({ what: 'table' })}
                    >
                        <Icon name="window" />
                        <span>{text('house.table')}</span>
                    </button>
                    <AddKey words={text('house.add_item')} onPress={() => setAsked({ what: 'add' })} />
                </div>
            </div>
            <SavingLine saving={saving} />
            <p class="hidden-text" role="status">
                {told}
            </p>
            <Coming {...list} />
            {list.value !== null && items.length === 0 && (
                <p class="muted" role="status">
                    {text('house.no_items')}
                </p>
            )}
            <ol class="agenda-plan-list" ref={motion}>
                {items.map((item, at) => (
                    <li
                        key={item.id}
                        data-key={item.id}
                        class={`agenda-plan-line${dragged === item.id ? ' is-dragged' : ''}`}
                        draggable
                        onDragStart={(event) => {
                            event.dataTransfer?.setData('text/plain', item.number);
                            setDragged(item.id);
                        }}
                        onDragEnd={() => setDragged('')}
                        onDragOver={(event) => dragged !== '' && event.preventDefault()}
                        onDrop={(event) => {
                            event.preventDefault();
                            const one = items.find(({ id }) => id === dragged);
                            if (one !== undefined && one.id !== item.id) {
                                move(one, at);
                            }
                        }}
                    >
                        <Line
                            item={item}
                            at={at}
                            last={items.length - 1}
                            onMove={(to) => move(item, to)}
                            onAsk={setAsked}
                        />
                    </li>
                ))}
            </ol>
            {asked?.what === 'add' && (
                <ItemDialog
                    meeting={plan.id}
                    number={nextNumber(items.map((one) => one.number))}
                    changed={changed}
                    onClose={close}
                />
            )}
            {asked?.what === 'table' && (
                <TableDialog plan={plan} table="agenda" changed={changed} onClose={close} />
            )}
            {asked?.what === 'change' && (
                <ItemDialog meeting={plan.id} item={asked.item} changed={changed} onClose={close} />
            )}
            {asked?.what === 'remove' && (
                <Question
                    title={text('house.remove_item')}
                    detail={text('house.remove_item_detail', {
                        name: `${asked.item.number} ${localized(asked.item.title)}`,
                    })}
                    confirm={text('house.remove_item')}
                    onConfirm={() =>
                        void saving.run(async () => {
                            try {
                                await removeItem(plan.id, asked.item.id);
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

interface LineProps {
    item: AgendaItem;
    at: number;
    last: number;
    onMove: (to: number) => void;
    onAsk: (asked: Asked) => void;
}

function Line({ item, at, last, onMove, onAsk }: LineProps) {
    const name = localized(item.title);
    return (
        <>
            <span class="agenda-plan-grip">
                <Icon name="grip" />
            </span>
            <bdi class="item-number">{item.number}</bdi>
            <span class="agenda-plan-what">
                <bdi lang={localizedLanguage(item.title)}>{name}</bdi>
                <span class="agenda-plan-facts">
                    {item.document !== undefined && <bdi>{item.document}</bdi>}
                    {item.purpose !== undefined && <span>{text(`item.${item.purpose}`)}</span>}
                    {item.minutes !== undefined && (
                        <span>{text('item.minutes', { minutes: item.minutes })}</span>
                    )}
                    {item.state !== 'pending' && <span>{text(`item.${item.state}`)}</span>}
                </span>
            </span>
            <span class="agenda-plan-keys">
                <IconKey
                    icon="up"
                    label={text('list.move_up', { name })}
                    disabled={at === 0}
                    onPress={() => onMove(at - 1)}
                />
                <IconKey
                    icon="down"
                    label={text('list.move_down', { name })}
                    disabled={at === last}
                    onPress={() => onMove(at + 1)}
                />
                <IconKey
                    icon="edit"
                    label={text('house.change_of', { name })}
                    onPress={() => onAsk({ what: 'change', item })}
                />
                <IconKey
                    icon="bin"
                    label={text('house.remove_of', { name })}
                    onPress={() => onAsk({ what: 'remove', item })}
                />
            </span>
        </>
    );
}

interface ItemDialogProps {
    meeting: string;
    item?: AgendaItem;
    /** Of one that is added. */
    number?: string;
    changed: () => Promise<void>;
    onClose: () => void;
}

function ItemDialog({ meeting, item, number: first = '', changed, onClose }: ItemDialogProps) {
    const [number, setNumber] = useState(item?.number ?? first);
    const [title, setTitle] = useState<Six>(() =>
        item === undefined ? {} : givenOf(item.title, pageLanguage.value),
    );
    const [document, setDocument] = useState(item?.document ?? '');
    const [purpose, setPurpose] = useState<ItemPurpose | ''>(item?.purpose ?? '');
    const [minutes, setMinutes] = useState(String(item?.minutes ?? ''));
    const wish: ItemWish = {
        number: number.trim(),
        title: filled(title),
        ...(document.trim() === '' ? {} : { document: document.trim() }),
        ...(purpose === '' ? {} : { purpose }),
        ...(minutes.trim() === '' ? {} : { minutes: Number(minutes) }),
    };
    const before = item === undefined ? undefined : wishFrom(item);
    const dirty =
        before === undefined
            ? !isEmpty(title) || document !== '' || purpose !== '' || minutes !== ''
            : JSON.stringify(before) !== JSON.stringify(wish);
    return (
        <FormDialog
            title={text(item === undefined ? 'house.add_item' : 'house.change_item')}
            submit={text(item === undefined ? 'house.add' : 'house.save')}
            dirty={dirty}
            unable={
                isEmpty(title)
                    ? text('house.fault_no_title')
                    : minutesOf(minutes)
                      ? ''
                      : text('house.fault_minutes', { most: MINUTES_MOST })
            }
            onSave={async (force) => {
                if (item === undefined) {
                    await addItem(meeting, wish);
                } else {
                    const { items } = await listAgenda(meeting);
                    const now = items.find((one) => one.id === item.id);
                    if (!force && now !== undefined) {
                        assertUnchanged(before, wishFrom(now));
                    }
                    await changeItem(meeting, item.id, wish);
                }
                await changed();
            }}
            onClose={onClose}
        >
            <TextField
                label={text('house.field_number')}
                value={number}
                most={11}
                ltr
                hint={text('house.number_hint')}
                onInput={setNumber}
            />
            <LocalizedField label={text('house.field_title')} value={title} most={159} onInput={setTitle} />
            <TextField
                label={text('house.field_document')}
                value={document}
                most={47}
                ltr
                hint={text('house.document_hint')}
                onInput={setDocument}
            />
            <ChoiceField<ItemPurpose | ''>
                label={text('house.field_purpose')}
                value={purpose}
                options={[
                    { value: '', words: text('house.no_purpose') },
                    ...ITEM_PURPOSE_VALUES.map((value) => ({ value, words: text(`item.${value}`) })),
                ]}
                onChange={setPurpose}
            />
            <TextField
                label={text('house.field_minutes')}
                value={minutes}
                most={3}
                ltr
                hint={text('house.minutes_hint')}
                onInput={setMinutes}
            />
        </FormDialog>
    );
}

const MINUTES_MOST = 600;

/** Whether a plan can have it: so many minutes, or none. */
function minutesOf(words: string): boolean {
    const minutes = words.trim();
    return (
        minutes === '' ||
        (/^\d{1,3}$/.test(minutes) && Number(minutes) > 0 && Number(minutes) <= MINUTES_MOST)
    );
}

function wishFrom({ number, title, document, purpose, minutes }: AgendaItem): ItemWish {
    return {
        number,
        title,
        ...(document === undefined ? {} : { document }),
        ...(purpose === undefined ? {} : { purpose }),
        ...(minutes === undefined ? {} : { minutes }),
    };
}
