// While no sitting is open: that it is a pause, until when if that is known, and the house's clock.

import { sittingWords } from '../areas/words.ts';
import { formatTime, text } from '../i18n/index.ts';
import { meeting } from '../state/store.ts';
import { adopt } from '../styles/adopt.ts';
import { ProjectorClock } from './ProjectorHead.tsx';
import styles from './ProjectorSlide.css?inline';
import { Both, BothOf } from './ProjectorWords.tsx';

adopt(styles);

export function ProjectorSlide() {
    const now = meeting.value;
    if (now === null) {
        return null;
    }
    const resumes = now.sitting === 'suspended' ? (now.resumes_at ?? 0) : 0;
    return (
        <div class="projector-slide">
            <h1 class="projector-slide-title">
                <BothOf value={now.title} />
            </h1>
            <div class="projector-slide-words" aria-live="polite">
                <p class="projector-slide-state">
                    <Both say={() => text(sittingWords(now.sitting))} />
                </p>
                {resumes > 0 && (
                    <p class="projector-slide-resumes">
                        <Both say={() => text('stage.resumes', { time: formatTime(resumes) })} />
                    </p>
                )}
            </div>
            <ProjectorClock />
        </div>
    );
}
