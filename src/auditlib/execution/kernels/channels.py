"""The client's side of a forked kernel: manager and channels, with the waits cut.

jupyter_client waits in places where a forked kernel gives no reason to. The
manager sleeps 10 ms on start and stop and polls for the end every 100 ms; the
client listens 0.2 s for leftovers, because it cannot know whether it hears
everything; both open sockets that a run never uses. Here the kernel's own
welcome on IOPub says that everything is heard, and the template says when the
kernel has ended.
"""

import asyncio
import uuid
from contextlib import suppress
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from .provisioner import ForkedProvisioner

WELCOME = 2.0  # seconds to hope for a welcome, before asking as jupyter_client does


class ForkedKernelClient(AsyncKernelClient):
    """Talks to a kernel on the two channels that a run needs."""

    def start_channels(
        self,
        shell: bool = True,
        iopub: bool = True,
        stdin: bool = False,
        hb: bool = False,
        control: bool = False,
    ) -> None:
        """Open the channels for requests and for what the kernel publishes."""
        super().start_channels(shell=shell, iopub=iopub, stdin=stdin, hb=hb, control=control)

    def stop_channels(self) -> None:
        """Close those channels that were opened."""
        opened = (
            self._shell_channel,
            self._iopub_channel,
            self._stdin_channel,
            self._hb_channel,
            self._control_channel,
        )
        for channel in opened:
            if channel is not None and channel.is_alive():
                channel.stop()
        if self._created_context and not self.context.closed:
            self.context.destroy(linger=0)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel says that it publishes to us."""
        for _ in range(10):
            try:
                message = await self.iopub_channel.get_msg(timeout=WELCOME / 10)
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before it was ready") from None
            else:
                if message["msg_type"] == "iopub_welcome":
                    return
        await super().wait_for_ready(timeout=timeout)


class ForkedKernelManager(AsyncKernelManager):
    """Starts and stops one kernel from a template process.

    Attributes
    ----------
    provisioner
        Made when the kernel starts, unless one is given before.
    """

    provisioner: ForkedProvisioner | None

    def client(self, **kwargs: Any) -> ForkedKernelClient:  # type: ignore[override]
        """Return a client for the kernel."""
        info = self.get_connection_info(session=True)
        return ForkedKernelClient(parent=self, **{**info, **kwargs})

    async def start_kernel(self, **kw: Any) -> None:  # type: ignore[override]
        """Take a kernel from the template process."""
        kw.pop("extra_arguments", None)
        self.kernel_id = self.kernel_id or kw.pop("kernel_id", str(uuid.uuid4()))
        if self.provisioner is None:
            self.provisioner = ForkedProvisioner(kernel_spec=self.kernel_spec, parent=self)
        self.provisioner.kernel_id = self.kernel_id
        kw = await self.provisioner.pre_launch(**kw)
        info = await self.provisioner.launch_kernel(kw.pop("cmd"), **kw)
        self.load_connection_info(info)

    async def shutdown_kernel(  # type: ignore[override]
        self, now: bool = False, restart: bool = False
    ) -> None:
        """End the kernel at once, or let it finish by itself."""
        kernel = self.provisioner
        if kernel and not now:
            await self.request_shutdown(restart=restart)
            with suppress(TimeoutError):  # then it is killed
                async with asyncio.timeout(self.shutdown_wait_time):
                    await kernel.wait()
        if kernel:
            await kernel.kill()
            await kernel.wait()
        await self.cleanup_resources(restart=restart)
