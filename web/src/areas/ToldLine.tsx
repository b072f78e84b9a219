// The line above the dock: what was refused, what others did to oneself, and which language stands in for one's own. Its place is kept while
// there is nothing to say, so that no key moves.

import { useLayoutEffect } from 'preact/hooks';
import { CloseKey } from '../elements/CloseKey.tsx';
import { Icon } from '../elements/Icon.tsx';
import { adopt } from '../styles/adopt.ts';
import { dismissTold, told, toldLines, toldText } from './act.ts';
import { FallbackLine } from './Fallback.tsx';
import styles from './ToldLine.css?inline';

adopt(styles);

export function ToldLine() {
    useLayoutEffect(() => {
        toldLines.value += 1;
        return () => {
            toldLines.value -= 1;
        };
    }, []);
    const shown = told.value;
    return (
        <div class="told-line" data-testid="told-line">
            <div class={`told${shown === null ? '' : ' is-told'}`}>
                <p role="alert" class="told-words">
                    {shown !== null && (
                        <>
                            <Icon name="warning" size={18} />
                            <span>{toldText(shown)}</span>
                        </>
                    )}
                </p>
                {shown === null ? <FallbackLine /> : <CloseKey class="told-close" onPress={dismissTold} />}
            </div>
        </div>
    );
}
