import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '#renderer/ui/button.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { CenterStage, Inline, Sheet, Stack, Text } from '#renderer/ui/layout.tsx';
import { Age } from '#renderer/ui/time-text.tsx';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Profile } from '#shared/session/model.ts';
import type { Stage } from '#shared/session/queries.ts';
import { EnrolForm } from './enrol-form.tsx';
import { Refusal } from './refusal.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { UnlockForm } from './unlock-form.tsx';

export type ClosedStage = Extract<Stage, { stage: 'closed' }>;
type Station = ClosedStage['stations'][number];

/** Where the person is before anybody is signed in. */
type Step =
  | { kind: 'profiles' }
  | { kind: 'unlock'; profile: Profile }
  | { kind: 'sign-in'; station: Station; email: string }
  | { kind: 'enrol' };

function startOf(stage: ClosedStage, againId: Id | null): Step {
  const again = stage.profiles.find((p) => p.id === againId);
  const its = stage.stations.find((s) => s.hubAddress === again?.hubAddress);
  if (again && its) return { kind: 'sign-in', station: its, email: again.email };
  const [profile, second] = [...stage.profiles].sort((a, b) => b.lastUsedAt - a.lastUsedAt);
  if (profile && !second) return { kind: 'unlock', profile };
  if (profile) return { kind: 'profiles' };
  const [station] = stage.stations;
  return station ? { kind: 'sign-in', station, email: '' } : { kind: 'enrol' };
}

export interface SignInScreenProps {
  stage: ClosedStage;
  /** why the last session ended, where it was not the person who ended it */
  farewell: AppError | null;
  /** the profile that is to sign in at its hub again */
  againId: Id | null;
}

/** Nobody is signed in: choose who, unlock, sign in for the first time, or make this computer known to a hub. */
export function SignInScreen({ stage, farewell, againId }: SignInScreenProps) {
  const { t } = useTranslation('session');
  const [step, setStep] = useState<Step>(() => startOf(stage, againId));
  const station = (profile: Profile): Station | undefined =>
    stage.stations.find((s) => s.hubAddress === profile.hubAddress);
  const titles: Record<Step['kind'], string> = {
    profiles: t('start.who'),
    unlock: t('start.unlock'),
    'sign-in': t('start.signIn'),
    enrol: t('start.enrol'),
  };
  return (
    <CenterStage label={t('start.label')}>
      <Sheet>
        <Stack gap="lg">
          <Stack gap="xs">
            <Text size="sm" shade="faint">
              {t('start.product')}
            </Text>
            <Text as="h1" size="xl" weight="semibold">
              {titles[step.kind]}
            </Text>
          </Stack>
          <Refusal error={farewell} />
          {step.kind === 'profiles' ? (
            <Profiles profiles={stage.profiles} onChoose={(profile) => setStep({ kind: 'unlock', profile })} />
          ) : null}
          {step.kind === 'unlock' ? (
            <UnlockForm
              key={step.profile.id}
              profile={step.profile}
              onSignInAgain={() => {
                const its = station(step.profile);
                setStep(its ? { kind: 'sign-in', station: its, email: step.profile.email } : { kind: 'enrol' });
              }}
            />
          ) : null}
          {step.kind === 'sign-in' ? (
            <SignInForm
              key={step.station.id}
              stations={stage.stations}
              stationId={step.station.id}
              email={step.email}
              onStation={(id) => {
                const other = stage.stations.find((s) => s.id === id);
                if (other) setStep({ kind: 'sign-in', station: other, email: step.email });
              }}
            />
          ) : null}
          {step.kind === 'enrol' ? (
            <EnrolForm onEnrolled={(made) => setStep({ kind: 'sign-in', station: made, email: '' })} />
          ) : null}
          <Ways stage={stage} step={step} onStep={setStep} />
        </Stack>
      </Sheet>
    </CenterStage>
  );
}

function Profiles({ profiles, onChoose }: { profiles: readonly Profile[]; onChoose: (profile: Profile) => void }) {
  const { t } = useTranslation('session');
  return (
    <Stack gap="lg">
      {[...profiles]
        .sort((a, b) => b.lastUsedAt - a.lastUsedAt)
        .map((profile, at) => (
          <Stack key={profile.id} gap="sm">
            <Button variant={at === 0 ? 'primary' : 'secondary'} autoFocus={at === 0} onPress={() => onChoose(profile)}>
              {profile.personName}
            </Button>
            <Inline gap="xs" isWrapping>
              <Text size="xs" shade="faint">
                {profile.orgName} · {profile.email} · <Age at={profile.lastUsedAt} isAgo isFocusable={false} />
              </Text>
              {profile.kind === 'demo' ? <Chip tone="warn">{t('start.demo')}</Chip> : null}
            </Inline>
          </Stack>
        ))}
    </Stack>
  );
}

/** The other ways from here. */
function Ways({ stage, step, onStep }: { stage: ClosedStage; step: Step; onStep: (step: Step) => void }) {
  const { t } = useTranslation('session');
  const [first] = stage.stations;
  return (
    <Inline isWrapping>
      {step.kind !== 'profiles' && stage.profiles.length > 0 ? (
        <Button variant="quiet" onPress={() => onStep({ kind: 'profiles' })}>
          {t('start.others')}
        </Button>
      ) : null}
      {step.kind !== 'sign-in' && first !== undefined ? (
        <Button variant="quiet" onPress={() => onStep({ kind: 'sign-in', station: first, email: '' })}>
          {t('start.asOther')}
        </Button>
      ) : null}
      {step.kind === 'enrol' ? null : (
        <Button variant="quiet" onPress={() => onStep({ kind: 'enrol' })}>
          {t('start.toEnrol')}
        </Button>
      )}
    </Inline>
  );
}
