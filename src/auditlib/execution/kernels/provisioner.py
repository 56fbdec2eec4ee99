"""Let jupyter_client start kernels by asking a template process for them.

This is the entry point `forked` of `jupyter_client.kernel_provisioners`. A
kernel specification can name it; then one template process serves the whole client
process and ends with it. Two environment variables shape it: the names in
FORKED_KERNEL_MODULES are imported first, and where FORKED_KERNEL_SOCKET holds
the address of a template, that one is used. Runs of notebooks give their own
template through the manager in `channels`.
"""

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from .lease import Lease
from .template import Template


def common_template() -> Template | str:
    """Return the template for those who brought none, or its address."""
    return os.environ.get("FORKED_KERNEL_SOCKET") or own_template(os.getpid())


@functools.cache
def own_template(owner: int) -> Template:
    """Return the one template of a process; the number tells it from its forked copies."""
    modules = os.environ.get("FORKED_KERNEL_MODULES", "")
    return Template(modules.replace(",", " ").split(), spares=0)


class ForkedProvisioner(KernelProvisionerBase):
    """The life of one forked kernel, in the terms of jupyter_client.

    Attributes
    ----------
    template
        A template, or the address of one.
    extra_env
        Variables that come before the template's own.
    lease
        The kernel, once it is launched.
    """

    template: Template | str | None = None
    extra_env: Mapping[str, str] | None = None
    start_timeout: float = 60.0
    lease: Lease | None = None

    @property
    def has_process(self) -> bool:
        """Say whether a kernel was launched and not yet given back."""
        return self.lease is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Complete the environment; there is no command to run."""
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Take a kernel from the template and return how to reach it."""
        cwd = kwargs.get("cwd") or os.getcwd()
        template = self.template or common_template()
        env, extra = kwargs["env"], self.extra_env or {}
        if isinstance(template, str):
            self.lease = Lease.ask(
                template, cwd=cwd, env=env, extra=extra, timeout=self.start_timeout
            )
        else:
            self.lease = template.kernel(cwd=cwd, env=env, extra=extra, timeout=self.start_timeout)
        self.connection_info = cast(KernelConnectionInfo, self.lease.info)
        return self.connection_info

    async def poll(self) -> int | None:
        """Return None while the kernel runs, else its exit code."""
        return self.lease.poll() if self.lease else 0

    async def wait(self) -> int | None:
        """Wait for the kernel's end and give it back."""
        if self.lease is None:
            return 0
        code = await self.lease.wait()
        self.lease.close()
        return code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel's process group."""
        if self.lease:
            self.lease.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel's process group at once."""
        await self.send_signal(9)

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel's process group to end."""
        await self.send_signal(15)

    async def cleanup(self, restart: bool = False) -> None:
        """Give the kernel back, whatever became of it."""
        if self.lease:
            self.lease.close()
            self.lease = None

    def resolve_path(self, path: str) -> str | None:
        """Return the path as the kernel sees it, if it exists."""
        found = Path(path).expanduser().resolve()
        return found.as_posix() if found.exists() else None
