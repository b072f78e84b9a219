// The stage: who speaks, always in the same place. The picture when there is one, else the delegation's mark and the level of
// the voice; the plate below it; the chair small; a shared screen takes the stage and the speaker moves to the corner.

import { Icon } from '../elements/Icon.tsx';
import { LevelMeter } from '../elements/LevelMeter.tsx';
import { OnAir } from '../elements/Mark.tsx';
import { PlateView, plateMark, plateWords } from '../elements/Plate.tsx';
import { Video } from '../elements/Video.tsx';
import { text } from '../i18n/index.ts';
import { cameraStream, microphoneLevel, screenStream, slotLevel, videoStream } from '../media/media.ts';
import {
    chairPlate,
    channel,
    type FloorPlate,
    heldPictures,
    me,
    meeting,
    type Plate,
    placedPlates,
    requestPlates,
    screenPlate,
    speakerPlate,
} from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { nobodyHasFloor } from './nobody.ts';
import { SignalNotice } from './Signals.tsx';
import { SpeakerTimer } from './SpeakerTimer.tsx';
import styles from './Stage.css?inline';

adopt(styles);

export function Stage({ plates = true }: { plates?: boolean }) {
    const speaker = speakerPlate.value;
    const screen = screenPlate.value;
    const chair = chairPlate.value;
    const chairSpeaks = speaker !== null && speaker.participant.id === chair?.participant.id;
    const held = heldPictures.value;
    return (
        <section class="stage" aria-labelledby="stage-heading">
            <h2 id="stage-heading" class="hidden-text">
                {text('stage.heading')}
            </h2>
            <div class="stage-frame">
                {screen !== null && held.screen_held && !isMe(screen) ? (
                    <div class="stage-quiet">
                        <Icon name="screen" size={44} />
                        <p>{text('stage.sound_only')}</p>
                    </div>
                ) : screen !== null ? (
                    <Video
                        stream={isMe(screen) ? screenStream.value : videoStream('screen')}
                        label={text('stage.screen_of', { name: plateWords(screen).heading })}
                    />
                ) : (
                    <Speaker speaker={speaker} />
                )}
                {screen !== null && speaker !== null && (
                    <div class="stage-corner">
                        <Speaker speaker={speaker} small />
                    </div>
                )}
                {chair !== null &&
                    !chairSpeaks &&
                    chair.participant.camera &&
                    (isMe(chair) || !held.chair_held) && (
                        <figure class="stage-chair">
                            <Video
                                stream={isMe(chair) ? cameraStream.value : videoStream('chair')}
                                label={text('stage.video_of', { name: plateWords(chair).heading })}
                                mirrored={isMe(chair)}
                            />
                            <figcaption>
                                <PlateView plate={chair} size="tag" />
                            </figcaption>
                        </figure>
                    )}
                <SignalNotice />
            </div>
            {plates && <SpeakerPlates />}
        </section>
    );
}

function isMe(plate: Plate): boolean {
    return plate.participant.id === me.value?.id;
}

// What an encoder, a hall or a trainer put on the floor, in words; null for nothing.
function feedWords(): string | null {
    const feed = channel('floor')?.feed ?? '';
    if (feed === '') {
        return null;
    }
    return meeting.value?.rehearsal === true ? text('stage.speech') : text('stage.feed', { name: feed });
}

function Speaker({ speaker, small = false }: { speaker: FloorPlate | null; small?: boolean }) {
    const feed = feedWords();
    if (speaker === null && feed !== null) {
        return (
            <div class="stage-quiet">
                <Icon name="loudspeaker" size={44} />
                <LevelMeter level={slotLevel('floor_1')} label={feed} />
            </div>
        );
    }
    if (speaker === null) {
        return (
            <div class="stage-quiet">
                <Icon name="microphone_off" size={44} />
                <p>{nobodyHasFloor()}</p>
            </div>
        );
    }
    const mine = isMe(speaker);
    const stream = mine ? cameraStream.value : videoStream('speaker');
    const hidden = heldPictures.value.speaker_held && !mine;
    if (speaker.participant.camera && stream !== null && !hidden) {
        return (
            <Video
                stream={stream}
                label={text('stage.video_of', { name: plateWords(speaker).heading })}
                mirrored={mine}
            />
        );
    }
    const level = mine ? microphoneLevel : slotLevel(speaker.position === 2 ? 'floor_2' : 'floor_1');
    return (
        <div class={`stage-voice${small ? ' stage-voice-small' : ''}`}>
            <bdi class="stage-mark" aria-hidden="true">
                {plateMark(speaker)}
            </bdi>
            <LevelMeter level={level} label={text('stage.level_of', { name: plateWords(speaker).heading })} />
            {hidden && speaker.participant.camera && !small && <p>{text('stage.sound_only')}</p>}
        </div>
    );
}

// One plate for each open microphone, by their places; with none, who is next.
export function SpeakerPlates() {
    const open = placedPlates.value;
    if (open.length === 0) {
        const next = requestPlates.value[0];
        return (
            <div class="plates">
                <div class="plate plate-hero plate-empty">
                    <div class="plate-names">
                        <p class="plate-heading">{feedWords() ?? nobodyHasFloor()}</p>
                        <p class="plate-person">
                            {next === undefined
                                ? text('stage.no_next')
                                : text('stage.next', { name: plateWords(next).heading })}
                        </p>
                    </div>
                </div>
            </div>
        );
    }
    return (
        <div class={`plates${open.length > 1 ? ' plates-two' : ''}`}>
            {open.map((one) => (
                <PlateView key={one.participant.id} plate={one} size="hero" speaking>
                    <div class="plate-side">
                        <OnAir>{text(isMe(one) ? 'stage.you_speak' : 'stage.speaks')}</OnAir>
                        <SpeakerTimer plate={one} large />
                    </div>
                </PlateView>
            ))}
        </div>
    );
}
