_exitus() {
    local i cur prev opts cmd
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="exitus"
                ;;
            exitus,__complete)
                cmd="exitus__subcmd____complete"
                ;;
            exitus,completions)
                cmd="exitus__subcmd__completions"
                ;;
            exitus,demo)
                cmd="exitus__subcmd__demo"
                ;;
            exitus,explain)
                cmd="exitus__subcmd__explain"
                ;;
            exitus,man)
                cmd="exitus__subcmd__man"
                ;;
            exitus,why)
                cmd="exitus__subcmd__why"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        exitus)
            opts="-h -V --help --version why demo completions man __complete explain"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        exitus__subcmd____complete)
            opts="-h --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        exitus__subcmd__completions)
            opts="-h --help bash zsh fish powershell kubectl"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        exitus__subcmd__demo)
            opts="-h --lang --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        exitus__subcmd__explain)
            opts="-o -h --list --short --output --lang --color --help SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS SIGRTMIN SIGRTMIN+1 SIGRTMIN+2 SIGRTMIN+3 SIGRTMIN+4 SIGRTMIN+5 SIGRTMIN+6 SIGRTMIN+7 SIGRTMIN+8 SIGRTMIN+9 SIGRTMIN+10 SIGRTMIN+11 SIGRTMIN+12 SIGRTMIN+13 SIGRTMIN+14 SIGRTMIN+15 SIGRTMAX-14 SIGRTMAX-13 SIGRTMAX-12 SIGRTMAX-11 SIGRTMAX-10 SIGRTMAX-9 SIGRTMAX-8 SIGRTMAX-7 SIGRTMAX-6 SIGRTMAX-5 SIGRTMAX-4 SIGRTMAX-3 SIGRTMAX-2 SIGRTMAX-1 SIGRTMAX aborted admission-rejected-by-node admission-webhook-denied all-containers-restarted application-configuration-error application-dependency-missing application-error application-out-of-memory arithmetic-fault authentication-failed bad-system-call broken-pipe bus-error certificate-error command-not-executable command-not-found completed completed-but-restarted config-key-missing config-map-missing container-config-error container-create-error container-create-timeout container-definition-changed container-name-conflict container-restarted-for-resize container-runtime-lost cpu-time-limit deadline-exceeded dependency-name-unresolved dependency-unreachable disk-full ended-unexplained entrypoint-interpreter-missing entrypoint-not-executable entrypoint-not-found entrypoint-wrong-format environment-file-invalid evicted-by-api evicted-by-taint evicted-empty-dir-limit evicted-ephemeral-storage-limit evicted-node-condition evicted-node-disk evicted-node-inodes evicted-node-memory evicted-node-pids file-size-limit grace-period-exceeded hangup healthy illegal-instruction image-corrupt image-disk-full image-inspect-error image-name-invalid image-never-pulled image-not-found image-platform-mismatch image-pull-failed image-pull-rate-limited image-pull-unauthorized image-signature-rejected interrupted job-backoff-limit-exceeded job-deadline-exceeded job-pod-failure-policy killed-unattributed liveness-probe-failed lock-or-leader-lost memory-limit-too-low mount-failed network-not-ready no-command-specified no-nodes node-lost node-rebooted node-shutdown out-of-memory out-of-memory-child out-of-memory-container out-of-memory-node out-of-memory-node-allocatable out-of-memory-pod out-of-memory-unproven permission-denied pod-creation-failed pod-garbage-collected pod-ip-exhausted port-in-use post-start-hook-failed pre-create-hook-failed pre-start-hook-failed pre-stop-hook-failed preempted-by-kubelet preempted-by-scheduler quit quota-exceeded read-only-file-system readiness-gate-pending readiness-probe-failed registry-error registry-name-unresolved registry-tls-error registry-unreachable resize-failed resize-pending run-as-non-root-violated runtime-class-missing runtime-start-error sandbox-creation-failed scheduling-gated schema-migration-failed secret-missing segmentation-fault signal-other starting startup-probe-failed status-lost stopped-on-request stuck-terminating sub-path-failed terminated-unattributed too-many-open-files trap unhandled-exception unschedulable unschedulable-node-selector unschedulable-ports unschedulable-resources unschedulable-taint unschedulable-topology unschedulable-volume usage-error volume-attach-failed volume-limit-exceeded volume-mount-failed volume-multi-attach volume-source-missing waiting-for-init working-directory-invalid AllContainersRestarting AlreadyMountedVolume AppArmor Available BackOff BackoffLimitExceeded BindingConditionsPending CIDRAssignmentFailed CIDRNotAvailable CalicoIsDown CalicoIsUp CertificateExpired CertificateOverdueForRefresh CgroupV1 CheckLimitsForResolvConf Complete Completed CompletionsReached ConfigPodSandboxError ContainerCannotRun ContainerCreating ContainerGCFailed ContainerRuntimeUnhealthy ContainerStatusUnknown ContainerdStart ContainersNotInitialized ContainersNotReady ContainersReady CrashLoopBackOff CreateContainerConfigError CreateContainerError CreatePodSandboxError Created DNSConfigForming DeadlineExceeded Deferred DeletingNode DeletionByDeviceTaintManager DeletionByPodGC DeletionByTaintManager DeletionCandidateOfClusterAutoscaler DeploymentPaused DeploymentResumed DeviceTaintManagerEviction DiskPressure Disrupted DisruptionBlocked DisruptionTarget DockerDaemonNotReady DockerHung DockerStart DrainInProgress Drained EmptyPodSharedPoolError ErrImageNeverPull ErrImagePull Error Evicted EvictionByEvictionAPI EvictionThresholdMet ExceededGracePeriod ExitCode:N Ext4Error Ext4Warning ExternalProvisioning Failed FailedAttachVolume FailedBinding FailedComputeMetricsReplicas FailedCreate FailedCreatePodContainer FailedCreatePodSandBox FailedDaemonPod FailedDelete FailedDraining FailedGetResourceMetric FailedIndexes FailedKillPod FailedMapVolume FailedMount FailedMountOnFilesystemMismatch FailedNeedsStart FailedNodeAllocatableEnforcement FailedNodeDeclaredFeaturesCheck FailedPlacement FailedPodSandBoxStatus FailedPostStartHook FailedPreStopHook FailedPrepareDynamicResources FailedResourceClaimCreation FailedScheduling FailedSync FailedToRetrieveImagePullSecret FailedToScaleUpGroup FailedValidation FailureTarget FileSystemResizeFailed FileSystemResizeSuccessful FilesystemIsReadOnly FoundNewReplicaSet FreeDiskSpaceFailed FrequentContainerdRestart FrequentKubeletRestart GracefulNodeShutdownInProgress IOError ImageGCFailed ImageInspectError ImagePullBackOff ImageVolumeMountFailed Infeasible Init:ContainerCannotRun Init:ContainerStatusUnknown Init:CrashLoopBackOff Init:CreateContainerConfigError Init:CreateContainerError Init:ErrImagePull Init:Error Init:ExitCode:N Init:ImagePullBackOff Init:N/M Init:OOMKilled Init:RunContainerError Init:Signal:N Init:StartError Init:Unknown InitContainerRestartPolicyForbidden Initialized InspectFailed InvalidDiskCapacity InvalidImageName InvalidNodeInfo JobAlreadyActive JobResumed JobSuspended KernelDeadlock KernelOops KillContainerError KillPodSandboxError Killing KubeletHasDiskPressure KubeletHasInsufficientMemory KubeletHasInsufficientPID KubeletHasNoDiskPressure KubeletHasSufficientMemory KubeletHasSufficientPID KubeletNotReady KubeletReady KubeletSetupFailed KubeletStart KubeletUnhealthy LifecycleHTTPFallback MaintenanceInProgress MaintenancePlanned MaxFailedIndexesExceeded MemoryPressure MemoryReadError MinimumReplicasAvailable MinimumReplicasUnavailable MissSchedule MissingClusterDNS MultiplePodDisruptionBudgets NetworkNotReady NetworkPluginNotReady NetworkUnavailable NewReplicaSetAvailable NewReplicaSetCreated NoPods NoRouteCreated NodeAffinity NodeAllocatableEnforced NodeControllerEviction NodeHasDiskPressure NodeHasInsufficientMemory NodeHasInsufficientPID NodeHasNoDiskPressure NodeHasSufficientMemory NodeHasSufficientPID NodeLost NodeName NodeNotReady NodeNotSchedulable NodePorts NodeReady NodeSchedulable NodeShutdown NodeStatusNeverUpdated NodeStatusUnknown Nominated NotDeleted NotReady NotTriggerScaleUp OOMKilled OOMKilling OutOfDisk OutOfcpu OutOfephemeral-storage OutOfmemory OutOfnvidia.com/gpu OutOfpods OwnerRefInvalidNamespace PIDPressure Pending PodCompleted PodFailed PodFailurePolicy PodFeatureUnsupported PodInitializing PodLevelResourcesNotSupported PodOSNotSupported PodOSSelectorNodeLabelDoesNotMatch PodReadyToStartContainers PodResizeInProgress PodResizePending PodSandboxNotReady PodScheduled PossibleMemoryBackedVolumesOnDisk PostStartHookError PreCreateHookError PreStartHookError Preempted Preempting PreemptionByScheduler ProbeError ProbeWarning ProgressDeadlineExceeded Progressing Provisioning ProvisioningCleanupFailed ProvisioningFailed ProvisioningSucceeded Pulled Pulling RROUnsupported ReadinessGatesNotReady ReadonlyFilesystem Ready Rebooted RegisteredNode RegistryUnavailable RemoveContainerError RemovingNode ReplicaFailure ReplicaSetCreateError ReplicaSetUpdated ResizeCompleted ResizeDeferred ResizeError ResizeInfeasible ResizePodInPlaceError ResizeStarted RestartAllContainersStarted RestartingAllContainers Resumed RouteCreated RunContainerError RunInitContainerError Running SMTAlignmentError SandboxChanged ScaleDown ScaleDownFailed ScaledUpGroup ScalingReplicaSet Scheduled SchedulerError SchedulingDisabled SchedulingGated SetupNetworkError Shutdown Signal:N SignatureValidationFailed StartError Started Starting Succeeded SucceededDaemonPod SuccessCriteriaMet SuccessPolicy SuccessfulAttachVolume SuccessfulCreate SuccessfulDelete SuccessfulMountVolume SuccessfulRescale SupplementalGroupsPolicyNotSupported Suspended SysctlForbidden SystemOOM TaintManagerEviction TaintToleration TaskHung TeardownNetworkError Terminated Terminating TerminatingPodProbeError TerminationByKubelet ToBeDeletedByClusterAutoscaler TooManyMissedTimes TooManySucceededPods TopologyAffinityError TriggeredScaleUp UnexpectedAdmissionError UnexpectedJob UnexpectedPredicateFailureType Unhealthy Unknown UnknownContainerStatuses UnknownReason UnregisterNetDevice Unschedulable VerifyNonRootError VolumeAttachmentLimitExceeded VolumeMismatch VolumePermissionChangeInProgress VolumeResizeFailed VolumeResizeSuccessful WaitForFirstConsumer WaitForPodScheduled XfsShutdown karpenter.sh/disrupted karpenter.sh/unregistered node-role.kubernetes.io/control-plane node.cilium.io/agent-not-ready node.cloudprovider.kubernetes.io/shutdown node.cloudprovider.kubernetes.io/uninitialized node.kubernetes.io/disk-pressure node.kubernetes.io/memory-pressure node.kubernetes.io/network-unavailable node.kubernetes.io/not-ready node.kubernetes.io/out-of-service node.kubernetes.io/pid-pressure node.kubernetes.io/unreachable node.kubernetes.io/unschedulable"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --list)
                    COMPREPLY=($(compgen -W "codes signals reasons causes" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "human json yaml markdown" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "human json yaml markdown" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        exitus__subcmd__man)
            opts="-h --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        exitus__subcmd__why)
            opts="-f -n -A -l -c -o -h --filename --namespace --all-namespaces --selector --container --cause --all --now --output --lang --color --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --filename)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -f)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --namespace)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -n)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --selector)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -l)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --container)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -c)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cause)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --now)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -W "human wide json yaml ndjson markdown name" -- "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -W "human wide json yaml ndjson markdown name" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _exitus -o nosort -o bashdefault -o default exitus
else
    complete -F _exitus -o bashdefault -o default exitus
fi
