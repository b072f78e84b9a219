// The list of speakers for those who lead it: order (keys and drag), give the floor, remove, add, open and close.

import { useState } from 'preact/hooks';
import { can } from '../contract/generated.ts';
import { Dialog } from '../elements/Dialog.tsx';
import { HoldKey } from '../elements/HoldKey.tsx';
import { Icon } from '../elements/Icon.tsx';
import { useOrderedMotion } from '../elements/motion.ts';
import { PlateView, plateWords } from '../elements/Plate.tsx';
import { SteadyKey } from '../elements/SteadyKey.tsx';
import { useHeld } from '../elements/steady.ts';
import { text } from '../i18n/index.ts';
import { may, meeting, type Plate, plate, type RequestPlate, requestPlates } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { act } from './act.ts';
import { floorKeys, give, giveUnable } from './floor_keys.ts';
import { sayHold } from './hold.ts';
import styles from './ManagedList.css?inline';
import { ListState } from './SpeakersList.tsx';
import { TimeToCome } from './SpeakerTimer.tsx';

adopt(styles);

export function ManagedList() {
    const { shown: requests, hold } = useHeld(requestPlates.value);
    const list = useOrderedMotion<HTMLOListElement>(requests.map((line) => line.request.id).join());
    const [dragged, setDragged] = useState(0);
    const [adding, setAdding] = useState(false);
    const open = meeting.value?.list === 'open';
    return (
        <section class="card managed" aria-labelledby="managed-heading">
            <header class="section-head">
                <h2 id="managed-heading">{text('list.title')}</h2>
                <ListState />
            </header>
            <div class="managed-tools">
                {may('list.open') && (
                    <HoldKey
                        bare
                        class="button"
                        // Opening it takes nothing from anybody.
                        atOnce={!open}
                        onHeld={() => void act(open ? 'list.close' : 'list.open', {})}
                        onShort={sayHold}
                        question={{
                            title: text('list.close_it'),
                            detail: text('list.close_detail'),
                            confirm: text('list.close_it'),
                        }}
                    >
                        {text(open ? 'list.close_it' : 'list.open_it')}
                    </HoldKey>
                )}
                {may('request.add') && (
                    <button
                        type="button"
                        class="button"
                        aria-haspopup="dialog"
                        onClick={() => setAdding(true)}
                    >
                        <Icon name="plus" />
                        <span>{text('list.add')}</span>
                    </button>
                )}
            </div>
            {requests.length === 0 ? (
                <p class="empty">{text(open ? 'list.empty' : 'list.empty_closed')}</p>
            ) : (
                <ol class="speakers" ref={list} {...hold}>
                    {requests.map((line) => (
                        <ManagedLine
                            key={line.request.id}
                            line={line}
                            last={line.place === requests.length}
                            dragged={dragged}
                            onDrag={setDragged}
                        />
                    ))}
                </ol>
            )}
            {adding && <AddSpeaker onClose={() => setAdding(false)} />}
        </section>
    );
}

interface ManagedLineProps {
    line: RequestPlate;
    last: boolean;
    dragged: number;
    onDrag: (request: number) => void;
}

function ManagedLine({ line, last, dragged, onDrag }: ManagedLineProps) {
    const name = plateWords(line).heading;
    const id = line.request.id;
    const away = line.participant.presence !== 'present';
    const unable = giveUnable(line);
    return (
        <li
            class={`speaker speaker-managed${dragged === id ? ' is-dragged' : ''}`}
            data-key={id}
            draggable
            onDragStart={(event) => {
                event.dataTransfer?.setData('text/plain', name);
                onDrag(id);
            }}
            onDragEnd={() => onDrag(0)}
            onDragOver={(event) => dragged !== 0 && event.preventDefault()}
            onDrop={(event) => {
                event.preventDefault();
                if (dragged !== 0 && dragged !== id) {
                    move(dragged, line.place);
                }
                onDrag(0);
            }}
        >
            <span class="speaker-grip" aria-hidden="true">
                <Icon name="grip" />
            </span>
            <span class="speaker-place">{line.place}</span>
            <div class="speaker-who">
                <PlateView plate={line} size="line" />
                <TimeToCome plate={line} />
                {away && <p class="small speaker-away">{text(`presence.${line.participant.presence}`)}</p>}
            </div>
            <div class="speaker-keys">
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-label={text('list.move_up', { name })}
                    disabled={line.place === 1}
                    onClick={() => move(id, line.place - 1)}
                >
                    <Icon name="up" />
                </button>
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-label={text('list.move_down', { name })}
                    disabled={last}
                    onClick={() => move(id, line.place + 1)}
                >
                    <Icon name="down" />
                </button>
                <HoldKey
                    bare
                    class="button button-quiet button-icon remove-key"
                    attributes={{ 'aria-label': text('list.remove', { name }) }}
                    onHeld={() => void act('request.remove', { request: id })}
                    onShort={sayHold}
                    question={{
                        title: text('list.remove', { name }),
                        detail: text('list.remove_detail'),
                        confirm: text('list.remove_confirm'),
                    }}
                >
                    <Icon name="close" />
                </HoldKey>
                <SteadyKey
                    class={`button give-key${line.place === 1 ? ' button-filled' : ''}`}
                    label={text('floor.give_to', { name })}
                    means={`${id} ${line.place}`}
                    gate={floorKeys}
                    unable={unable !== null}
                    title={unable === null ? undefined : text(unable)}
                    onPress={() => give(line)}
                >
                    <Icon name="microphone" />
                    <span>{text('floor.give')}</span>
                </SteadyKey>
            </div>
        </li>
    );
}

function move(request: number, position: number): void {
    void act('request.move', { request, position });
}

// Somebody asked by other means (in the hall, by telephone).
function AddSpeaker({ onClose }: { onClose: () => void }) {
    const [sought, setSought] = useState('');
    const onList = new Set(requestPlates.value.map((line) => line.participant.id));
    const wanted = sought.trim().toLocaleLowerCase();
    const found = (meeting.value?.participants ?? [])
        .filter((one) => can(one.capacity, 'speaks') && !can(one.capacity, 'presides') && !onList.has(one.id))
        .flatMap((one): Plate[] => {
            const shown = plate(one.id);
            return shown === null ? [] : [shown];
        })
        .filter((one) => {
            const words = plateWords(one);
            return `${words.heading} ${words.person} ${one.delegation?.code ?? ''}`
                .toLocaleLowerCase()
                .includes(wanted);
        });
    return (
        <Dialog title={text('list.add')} onClose={onClose}>
            <div class="field">
                <label for="add-speaker">{text('list.search')}</label>
                <input
                    id="add-speaker"
                    class="input"
                    type="search"
                    value={sought}
                    onInput={(event) => setSought(event.currentTarget.value)}
                />
            </div>
            <ul class="choice-list">
                {found.map((one) => (
                    <li key={one.participant.id}>
                        <button
                            type="button"
                            class="choice"
                            onClick={() => {
                                void act('request.add', { participant: one.participant.id });
                                onClose();
                            }}
                        >
                            <PlateView plate={one} size="line" />
                        </button>
                    </li>
                ))}
            </ul>
            {found.length === 0 && <p class="empty">{text('list.none_found')}</p>}
        </Dialog>
    );
}
