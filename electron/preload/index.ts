import { contextBridge, ipcRenderer } from 'electron';
import { channels, type DeskApi, type MainCallName, mainCallNames, mainEventNames } from '#shared/ipc/window-desk.ts';
import { createCoreLine } from './core-line.ts';

// The only thing the page gets. It holds no rights of its own: the main process and the core check every message.
const line = createCoreLine();
ipcRenderer.on(channels.corePort, (event) => {
  const [port] = event.ports;
  if (!port) return;
  line.attach({
    postMessage: (message) => port.postMessage(message),
    // Setting the handler starts the port: nothing that came before is lost.
    listen: (listener) => {
      port.onmessage = ({ data }) => listener(data);
    },
    close: () => port.close(),
  });
});
ipcRenderer.on(channels.coreLost, () => line.lost());
// Asked for before the page's code has been read: the port is there when the page wants it.
ipcRenderer.send(channels.connectCore);

const call = (name: MainCallName) => (args: unknown) => ipcRenderer.invoke(channels.call(name), args);

const desk = {
  connectCore: (onMessage, onState) => line.connect({ onMessage, onState }),
  main: Object.fromEntries(mainCallNames.map((name) => [name, call(name)])) as DeskApi['main'],
  on(name, listener) {
    if (!mainEventNames.includes(name)) throw new TypeError('no such event');
    const channel = channels.event(name);
    // The listener gets the payload only: Electron's event would hand the page a way to answer.
    const hear = (_event: unknown, payload: Parameters<typeof listener>[0]): void => listener(payload);
    ipcRenderer.on(channel, hear);
    return () => {
      ipcRenderer.removeListener(channel, hear);
    };
  },
} satisfies DeskApi;

contextBridge.exposeInMainWorld('desk', desk);
