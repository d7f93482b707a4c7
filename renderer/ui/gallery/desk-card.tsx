import { Button } from '#renderer/ui/button.tsx';
import { Card, DefinitionList, Meter, type Stage, StageBar } from '#renderer/ui/card.tsx';
import { Chip } from '#renderer/ui/chip.tsx';
import { Inline, Spacer, Stack, Text } from '#renderer/ui/layout.tsx';
import { OptionButton } from '#renderer/ui/option-list.tsx';
import { Age, Money, TimeOfDay } from '#renderer/ui/time-text.tsx';
import { ago, at } from './sample.ts';

const stages: Stage[] = [
  { id: 'paid', label: 'Paid', state: 'done' },
  { id: 'picked', label: 'Picked', state: 'done' },
  { id: 'packed', label: 'Packed', state: 'done' },
  { id: 'depot', label: 'Depot', state: 'late' },
  { id: 'door', label: 'Door', state: 'ahead' },
];
const stageWords = { done: 'done', late: 'late', current: 'now', ahead: 'not yet' };
const nothing = (): void => {};

/** The context pane of the picture. */
export function DeskContext() {
  return (
    <>
      <Card
        title="From the bot"
        chip={<Chip tone="warn">delivery disputed 0.84</Chip>}
        source={<TimeOfDay at={at(10, 32)} isFocusable />}
      >
        <DefinitionList
          items={[
            { id: 'wants', term: 'Wants', value: 'The parcel, by Saturday' },
            {
              id: 'told',
              term: 'Told already',
              value: (
                <Inline gap="xs" isWrapping>
                  <Chip tone="accent">HP-20931</Chip>
                  <Chip tone="accent">m•••@lindqvist.se</Chip>
                  <Chip tone="accent">Lübeck</Chip>
                </Inline>
              ),
            },
            { id: 'tried', term: 'Bot tried', value: 'Tracking lookup: delivered 16:42. Repeated it twice.' },
            { id: 'gave', term: 'Gave up', value: 'Asked for a person' },
            { id: 'missing', term: 'Missing', value: <Text tone="warn">neighbour or safe place not asked</Text> },
          ]}
        />
      </Card>
      <Card
        title="Order HP-20931"
        source={
          <>
            orders, <Age at={ago(44)} isAgo />
          </>
        }
      >
        <StageBar stages={stages} stateWords={stageWords} />
        <DefinitionList
          items={[
            {
              id: 'promised',
              term: 'Promised',
              value: (
                <>
                  Thu 20 Nov <Text tone="bad">2 days over</Text>
                </>
              ),
            },
            {
              id: 'log',
              term: 'Log',
              value: (
                <>
                  Kiel depot mis-sort, 41 parcels. <Text tone="ok">May be quoted</Text>
                </>
              ),
            },
          ]}
        />
      </Card>
      <Card title="Guide · Parcel not received" source="v14">
        <Stack gap="xs">
          <Text as="p" size="md" weight="medium">
            Is a replacement in stock?
          </Text>
          <OptionButton
            keyHint="1"
            knownFrom={
              <>
                stock, <Age at={ago(130)} isAgo isFocusable={false} />
              </>
            }
            onPress={nothing}
          >
            Yes, 6 in Hamburg
          </OptionButton>
          <OptionButton keyHint="2" onPress={nothing}>
            No
          </OptionButton>
          <OptionButton keyHint="d" onPress={nothing}>
            Decide otherwise, with reason
          </OptionButton>
        </Stack>
      </Card>
      <Card title="Refund" source="policy v9">
        <Inline>
          <Text>
            Your limit <Money minor={8000} currency="EUR" />
          </Text>
          <Spacer />
          <Text>
            left today <Money minor={21200} currency="EUR" />
          </Text>
        </Inline>
        <Meter share={0.38} label="Used today" />
        <Stack gap="sm">
          <Text as="p" shade="faint">
            Express fee <Money minor={990} currency="EUR" /> is within your limit
          </Text>
          <Inline>
            <Button variant="primary" onPress={nothing}>
              Refund now
            </Button>
            <Button onPress={nothing}>Why?</Button>
          </Inline>
        </Stack>
      </Card>
    </>
  );
}
