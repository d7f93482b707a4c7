import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '#renderer/ui/notice.tsx';

interface Props {
  children: ReactNode;
  /** a change of this tries again: another conversation, another place */
  resetKey?: string;
}

interface State {
  failure: string | null;
  resetKey: string | undefined;
}

/** Keeps a fault in one part of the screen from taking the rest along, and says what to do. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failure: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { failure: null, resetKey: props.resetKey };
  }

  override render(): ReactNode {
    if (this.state.failure === null) return this.props.children;
    return <Fault code={this.state.failure} onRetry={() => this.setState({ failure: null })} />;
  }
}

function Fault({ code, onRetry }: { code: string; onRetry: () => void }) {
  const { t } = useTranslation('app');
  return (
    <ErrorState title={t('fault.what')} code={code.slice(0, 120)} onRetry={onRetry}>
      {t('fault.means')}
    </ErrorState>
  );
}
