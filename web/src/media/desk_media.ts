// The sound of a desk: what only the interpreters' screen loads. media.ts is for every page.
export { chimeSound } from './chime.ts';
export {
    CALIBRATION_DB,
    CEILING_DB,
    type DeskSoundSettings,
    deskSoundSettings,
    type Ear,
    REPEAT_S,
    repeat,
    SUSTAINED_DB,
    setDeskSound,
    startDeskSound,
    TONE_MAX_DB,
    toPresent,
} from './desk_sound/desk_sound.ts';
export { deskSoundState } from './desk_sound/reading.ts';
