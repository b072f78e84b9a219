// The media half of the page, as views see it. One import for views; behind it: devices.ts (capture), graph.ts (sound),
// peer.ts (the connection), check.ts and echo.ts (entrance), statistics.ts. README.md lists what each name is for.
export {
    type CheckLine,
    type ConnectionCheck,
    check,
    runCheck,
    type Verdict,
} from './check.ts';
export {
    cameraStream,
    type Device,
    type DeviceKind,
    type DeviceState,
    type Devices,
    deviceStates,
    devices,
    loudspeaker,
    microphoneMuted,
    openCamera,
    openMicrophone,
    openScreen,
    releaseCamera,
    releaseMicrophone,
    releaseScreen,
    screenStream,
    selected,
    selectSpeaker,
    setLoudspeaker,
    speakerSelectable,
} from './devices.ts';
export {
    type EchoState,
    echoState,
    finishSentence,
    playSentence,
    recordSentence,
    startEcho,
    stopEcho,
} from './echo.ts';
export {
    audioBlocked,
    microphoneLevel,
    playRecording,
    type Side,
    setSlotGain,
    setSlotSide,
    slotGain,
    slotLevel,
    unlockAudio,
} from './graph.ts';
export {
    forgetMoved,
    formerIsBack,
    microphones,
    microphoneUsed,
    moved,
    systemChoice,
    takeFormer,
    takeMicrophone,
    withoutAliases,
} from './microphone.ts';
export { type MediaPhase, mediaPhase, videoStream } from './peer.ts';
export { type MediaQuality, type Statistics, statistics } from './statistics.ts';
